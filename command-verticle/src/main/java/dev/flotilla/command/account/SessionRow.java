package dev.flotilla.command.account;

import dev.flotilla.contract.AccessResult;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A row of `auth_sessions`.
///
/// @param csrfHash null where no cookies are in use
/// @param ended true where it was ended before its time
record SessionRow(
    String id,
    TenantId tenant,
    UserId user,
    @Nullable String csrfHash,
    @Nullable String address,
    @Nullable String agent,
    Instant createdAt,
    Instant usedAt,
    Instant expiresAt,
    boolean ended) {
  static final String COLUMNS =
      """
      s.id, s.tenant, s.user_id, s.csrf_hash, s.address, s.agent, s.created_at, s.used_at,
      s.expires_at, s.ended_at is not null as ended
      """;

  static SessionRow of(Row row) {
    return new SessionRow(
        row.getString("id"),
        new TenantId(row.getString("tenant")),
        new UserId(row.getString("user_id")),
        row.getString("csrf_hash"),
        row.getString("address"),
        row.getString("agent"),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("used_at").toInstant(),
        row.getOffsetDateTime("expires_at").toInstant(),
        row.getBoolean("ended"));
  }

  boolean goesOn(Instant now) {
    return !ended && expiresAt.isAfter(now);
  }

  AccessResult.LoginView view() {
    return new AccessResult.LoginView(
        id, user, address, agent, csrfHash != null, createdAt, usedAt, expiresAt);
  }
}
