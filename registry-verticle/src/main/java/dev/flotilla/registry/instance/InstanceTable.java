package dev.flotilla.registry.instance;

import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.fault.FaultException;
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
      select id, tenant, shared, url, token, credential, device_key, capabilities, max_concurrency,
        region, zone, labels, weight, wish, wish_reason, drain_by
      from instances order by id
      """;

  private final Pool pool;
  private final Vault vault;
  private Map<InstanceId, Instance> rows = Map.of();
  private boolean read;

  public InstanceTable(Pool pool, Vault vault) {
    this.pool = pool;
    this.vault = vault;
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
  private @Nullable Instance instance(Row row) {
    try {
      InstanceId id = new InstanceId(row.getString("id"));
      TenantId tenant = new TenantId(row.getString("tenant"));
      return new Instance(
          id,
          tenant,
          row.getBoolean("shared"),
          URI.create(row.getString("url")),
          credentials(row, tenant, id),
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

  /// An instance whose credential no key opens is still shown, with the reason.
  private Credentials credentials(Row row, TenantId tenant, InstanceId id) {
    String sealed = row.getString("credential");
    String deviceKey = row.getString("device_key");
    try {
      Secret token =
          // A node of a version before has written it, and nobody has sealed it yet.
          sealed == null
              ? new Secret(row.getString("token"))
              : vault.open(sealed, Label.token(tenant, id));
      return token.reveal().isEmpty()
          ? Credentials.revoked(id)
          : new Credentials(
              token,
              deviceKey == null ? null : vault.open(deviceKey, Label.deviceKey(tenant, id)),
              null);
    } catch (FaultException unreadable) {
      return Credentials.sealed(unreadable.fault().message());
    }
  }

  private static List<String> texts(String @Nullable [] array) {
    return array == null ? List.of() : new ArrayList<>(List.of(array));
  }
}
