package dev.flotilla.command.account;

import dev.flotilla.account.OidcLogoutAsk;
import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tables `auth_sessions` and `refresh_tokens`: logins, and the tokens that go on with them.
public final class SessionStore {
  private static final String SELECT = "select " + SessionRow.COLUMNS;
  private static final String INSERT =
      """
      insert into auth_sessions
        (id, tenant, user_id, csrf_hash, address, agent, created_at, used_at, expires_at,
          provider, provider_subject, provider_session)
      values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11)
      """;
  private static final String ADD_TOKEN =
      "insert into refresh_tokens (hash, session, issued_at) values ($1, $2, $3)";
  private static final String BY_TOKEN =
      SELECT
          + """
          , r.used_at is not null as token_used
          from refresh_tokens r join auth_sessions s on s.id = r.session
          where r.hash = $1 for update of r, s
          """;
  private static final String USE_TOKEN = "update refresh_tokens set used_at = $2 where hash = $1";
  private static final String USE = "update auth_sessions set used_at = $2 where id = $1";
  private static final String END =
      """
      update auth_sessions set ended_at = $2, ended_reason = $3
      where id = $1 and ended_at is null
      """;
  // In the order of ids: two who end the same sessions wait for each other, and do not lock up.
  private static final String END_ALL =
      """
      update auth_sessions set ended_at = $3, ended_reason = $4
      where id in (
        select id from auth_sessions
        where tenant = $1 and user_id = $2 and ended_at is null and expires_at > $3
        order by id for update)
      returning id
      """;
  private static final String END_OLDEST =
      """
      update auth_sessions set ended_at = $3, ended_reason = $4
      where id in (
        select id from auth_sessions
        where tenant = $1 and user_id = $2 and ended_at is null and expires_at > $3
        order by created_at desc, id desc offset $5 for update)
      returning id
      """;
  private static final String LOCK =
      SELECT + " from auth_sessions s where s.tenant = $1 and s.id = $2 for update";
  private static final String OPEN =
      SELECT
          + """
          from auth_sessions s
          where s.tenant = $1 and ($2::text is null or s.user_id = $2)
            and s.ended_at is null and s.expires_at > $3
          order by s.created_at desc limit $4
          """;
  private static final String BY_ORIGIN =
      SELECT
          + """
           from auth_sessions s
          where s.provider = $1 and ($2::text is null or s.provider_subject = $2)
            and ($3::text is null or s.provider_session = $3)
            and s.created_at <= $4 and s.ended_at is null and s.expires_at > $5
          order by s.id for update
          """;
  private static final String TAKE_LOGOUT =
      "insert into provider_logouts (token, until) values ($1, $2) on conflict do nothing";
  private static final String SWEEP_LOGOUTS = "delete from provider_logouts where until < $1";
  // The tokens go with it.
  private static final String SWEEP =
      """
      delete from auth_sessions where id in (
        select id from auth_sessions where expires_at < $1 limit 500 for update skip locked)
      """;

  /// A session and whether the token that led to it had been used before.
  record Found(SessionRow session, boolean tokenUsed) {}

  void insert(Sql sql, SessionRow row, String tokenHash) {
    SessionRow.Origin origin = row.origin();
    sql.run(
        INSERT,
        row.id(),
        row.tenant().value(),
        row.user().value(),
        row.csrfHash(),
        row.address(),
        row.agent(),
        utc(row.createdAt()),
        utc(row.expiresAt()),
        origin == null ? null : origin.issuer(),
        origin == null ? null : origin.subject(),
        origin == null ? null : origin.session());
    addToken(sql, row.id(), tokenHash, row.createdAt());
  }

  /// Locks both, so that of two who bring the same token one comes second.
  Optional<Found> lockByToken(Sql sql, String tokenHash) {
    var rows = sql.run(BY_TOKEN, tokenHash).iterator();
    if (!rows.hasNext()) {
      return Optional.empty();
    }
    Row row = rows.next();
    return Optional.of(new Found(SessionRow.of(row), row.getBoolean("token_used")));
  }

  void replaceToken(Sql sql, String session, String usedHash, String nextHash, Instant now) {
    sql.run(USE_TOKEN, usedHash, utc(now));
    sql.run(USE, session, utc(now));
    addToken(sql, session, nextHash, now);
  }

  private static void addToken(Sql sql, String session, String hash, Instant now) {
    sql.run(ADD_TOKEN, hash, session, utc(now));
  }

  /// Those that began with a session at a provider, in the order in which all lock them.
  List<SessionRow> lockByOrigin(Sql sql, OidcLogoutAsk ask, Instant before, Instant now) {
    return rows(
        sql.run(BY_ORIGIN, ask.issuer(), ask.subject(), ask.session(), utc(before), utc(now)));
  }

  /// @return false where the provider's token was taken before
  boolean takeLogout(Sql sql, OidcLogoutAsk ask, Instant until) {
    return sql.run(TAKE_LOGOUT, Ids.sha256(ask.issuer(), ask.token()), utc(until)).rowCount() == 1;
  }

  /// @return false where it had ended before
  boolean end(Sql sql, String session, String reason, Instant now) {
    return sql.run(END, session, utc(now), reason).rowCount() == 1;
  }

  /// @return the ids of those that were ended
  List<String> endAll(Sql sql, TenantId tenant, UserId user, String reason, Instant now) {
    return ids(sql.run(END_ALL, tenant.value(), user.value(), utc(now), reason));
  }

  /// Leaves the newest.
  ///
  /// @return the ids of those that were ended
  List<String> endOldest(
      Sql sql, TenantId tenant, UserId user, int left, String reason, Instant now) {
    return ids(sql.run(END_OLDEST, tenant.value(), user.value(), utc(now), reason, (long) left));
  }

  private static List<String> ids(RowSet<Row> found) {
    List<String> ids = new ArrayList<>();
    found.forEach(row -> ids.add(row.getString("id")));
    return ids;
  }

  Optional<SessionRow> lock(Sql sql, TenantId tenant, String id) {
    return rows(sql.run(LOCK, tenant.value(), id)).stream().findFirst();
  }

  /// Those that go on, newest first.
  ///
  /// @param user null for everybody of the tenant
  List<SessionRow> open(Sql sql, TenantId tenant, @Nullable String user, Instant now, int limit) {
    return rows(sql.run(OPEN, tenant.value(), user, utc(now), limit));
  }

  /// @return how many were deleted
  int sweep(Sql sql, Instant before) {
    sql.run(SWEEP_LOGOUTS, utc(before));
    return sql.run(SWEEP, utc(before)).rowCount();
  }

  private static OffsetDateTime utc(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  private static List<SessionRow> rows(RowSet<Row> found) {
    List<SessionRow> sessions = new ArrayList<>();
    found.forEach(row -> sessions.add(SessionRow.of(row)));
    return sessions;
  }
}
