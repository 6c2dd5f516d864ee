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
/// @param origin null where no provider was asked
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
    boolean ended,
    @Nullable Origin origin) {

  /// The session at a provider that it began with.
  ///
  /// @param subject the provider's own name for the user
  record Origin(String issuer, String subject, @Nullable String session) {}

  static final String COLUMNS =
      """
      s.id, s.tenant, s.user_id, s.csrf_hash, s.address, s.agent, s.created_at, s.used_at,
      s.expires_at, s.ended_at is not null as ended,
      s.provider, s.provider_subject, s.provider_session
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
        row.getBoolean("ended"),
        origin(row));
  }

  private static @Nullable Origin origin(Row row) {
    String issuer = row.getString("provider");
    return issuer == null
        ? null
        : new Origin(issuer, row.getString("provider_subject"), row.getString("provider_session"));
  }

  boolean goesOn(Instant now) {
    return !ended && expiresAt.isAfter(now);
  }

  AccessResult.LoginView view() {
    return new AccessResult.LoginView(
        id, user, address, agent, csrfHash != null, createdAt, usedAt, expiresAt);
  }
}
