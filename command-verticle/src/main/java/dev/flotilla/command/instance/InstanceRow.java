package dev.flotilla.command.instance;

import dev.flotilla.contract.InstanceWish;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A row of the table `instances`, without its credential: nothing here needs it.
public record InstanceRow(
    InstanceId id,
    TenantId tenant,
    boolean shared,
    URI url,
    @Nullable String region,
    @Nullable String zone,
    List<String> capabilities,
    int maxConcurrency,
    long revision,
    Instant createdAt,
    List<String> labels,
    int weight,
    InstanceWish wish,
    @Nullable String wishReason,
    @Nullable Instant drainBy,
    @Nullable Instant drainedAt) {

  static final String COLUMNS =
      "id, tenant, shared, url, region, zone, capabilities, max_concurrency, revision, created_at,"
          + " labels, weight, wish, wish_reason, drain_by, drained_at";

  static InstanceRow of(Row row) {
    return new InstanceRow(
        new InstanceId(row.getString("id")),
        new TenantId(row.getString("tenant")),
        row.getBoolean("shared"),
        URI.create(row.getString("url")),
        row.getString("region"),
        row.getString("zone"),
        List.of(row.getArrayOfStrings("capabilities")),
        row.getInteger("max_concurrency"),
        row.getLong("revision"),
        row.getOffsetDateTime("created_at").toInstant(),
        List.of(row.getArrayOfStrings("labels")),
        row.getInteger("weight"),
        InstanceWish.named(row.getString("wish")),
        row.getString("wish_reason"),
        instant(row.getOffsetDateTime("drain_by")),
        instant(row.getOffsetDateTime("drained_at")));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
