package dev.flotilla.registry.instance;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was last read from the table `instances`. While PostgreSQL is away the last reading holds.
public final class InstanceTable {
  private static final Logger LOG = LoggerFactory.getLogger(InstanceTable.class);
  private static final String READ =
      """
      select id, tenant, shared, url, token, capabilities, max_concurrency, region, zone, labels,
        weight, wish, wish_reason, drain_by
      from instances order by id
      """;

  private final Pool pool;
  private Map<InstanceId, Instance> rows = Map.of();
  private boolean read;

  public InstanceTable(Pool pool) {
    this.pool = pool;
  }

  public Future<Void> refresh() {
    return pool.query(READ)
        .execute()
        .map(
            found -> {
              Map<InstanceId, Instance> fresh = new LinkedHashMap<>();
              for (Row row : found) {
                Instance instance = instance(row);
                if (instance != null) {
                  fresh.put(instance.id(), instance);
                }
              }
              rows = fresh;
              read = true;
              return null;
            });
  }

  /// True once the table has been read.
  public boolean known() {
    return read;
  }

  public Collection<Instance> all() {
    return rows.values();
  }

  public @Nullable Instance find(InstanceId id) {
    return rows.get(id);
  }

  /// One row that cannot be understood must not hide the others.
  private static @Nullable Instance instance(Row row) {
    try {
      return new Instance(
          new InstanceId(row.getString("id")),
          new TenantId(row.getString("tenant")),
          row.getBoolean("shared"),
          URI.create(row.getString("url")),
          new Secret(row.getString("token")),
          Set.copyOf(texts(row.getArrayOfStrings("capabilities"))),
          row.getInteger("max_concurrency"),
          desired(row));
    } catch (RuntimeException bad) {
      LOG.warn("instance '{}' cannot be used: {}", row.getString("id"), bad.getMessage());
      return null;
    }
  }

  private static Desired desired(Row row) {
    OffsetDateTime drainBy = row.getOffsetDateTime("drain_by");
    return new Desired(
        row.getString("region"),
        row.getString("zone"),
        Set.copyOf(texts(row.getArrayOfStrings("labels"))),
        row.getInteger("weight"),
        InstanceWish.named(row.getString("wish")),
        row.getString("wish_reason"),
        drainBy == null ? null : drainBy.toInstant());
  }

  private static List<String> texts(String @Nullable [] array) {
    return array == null ? List.of() : new ArrayList<>(List.of(array));
  }
}
