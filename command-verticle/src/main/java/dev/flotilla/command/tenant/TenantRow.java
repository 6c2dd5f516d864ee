package dev.flotilla.command.tenant;

import dev.flotilla.contract.RateClass;
import dev.flotilla.contract.TenantResult.TenantView;
import dev.flotilla.contract.TenantState;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// A row of `tenants`, and how much of what is limited there is.
///
/// @param maxUsers null is no limit, as with the others
record TenantRow(
    TenantId id,
    @Nullable String name,
    @Nullable Instant suspendedAt,
    @Nullable String suspendedReason,
    @Nullable Instant deletingAt,
    @Nullable Integer maxUsers,
    @Nullable Integer maxApiKeys,
    @Nullable Integer maxInstances,
    RateClass rateClass,
    String createdBy,
    Instant createdAt,
    long revision,
    long users,
    long apiKeys,
    long instances) {
  static final String COLUMNS =
      """
      t.id, t.name, t.suspended_at, t.suspended_reason, t.deleting_at, t.max_users, t.max_api_keys,
      t.max_instances, t.rate_class, t.created_by, t.created_at, t.revision,
      (select count(*) from users where tenant = t.id) as users,
      (select count(*) from api_keys
        where tenant = t.id and revoked_at is null and expires_at > now()) as api_keys,
      (select count(*) from instances where tenant = t.id) as instances
      """;

  static TenantRow of(Row row) {
    return new TenantRow(
        new TenantId(row.getString("id")),
        row.getString("name"),
        instant(row, "suspended_at"),
        row.getString("suspended_reason"),
        instant(row, "deleting_at"),
        row.getInteger("max_users"),
        row.getInteger("max_api_keys"),
        row.getInteger("max_instances"),
        RateClass.named(row.getString("rate_class")),
        row.getString("created_by"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getLong("revision"),
        row.getLong("users"),
        row.getLong("api_keys"),
        row.getLong("instances"));
  }

  private static @Nullable Instant instant(Row row, String column) {
    OffsetDateTime time = row.getOffsetDateTime(column);
    return time == null ? null : time.toInstant();
  }

  TenantState state() {
    if (deletingAt != null) {
      return TenantState.DELETING;
    }
    return suspendedAt == null ? TenantState.ACTIVE : TenantState.SUSPENDED;
  }

  TenantView view() {
    return new TenantView(
        id,
        name,
        state(),
        suspendedReason,
        suspendedAt,
        maxUsers,
        maxApiKeys,
        maxInstances,
        users,
        apiKeys,
        instances,
        rateClass,
        createdBy,
        createdAt,
        revision);
  }
}
