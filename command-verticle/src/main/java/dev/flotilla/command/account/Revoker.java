package dev.flotilla.command.account;

import dev.flotilla.account.Revocation;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes back what somebody can show: the row commits with its cause, and the bell rings after it.
/// Gateways that miss the bell read the table anyway.
///
/// @param access how long an access token lives
public record Revoker(SessionStore sessions, Bus bus, Duration access) {
  /// Beyond the life of a token, for clocks that differ.
  private static final Duration SLACK = Duration.ofMinutes(5);

  /// How long a gateway may be without PostgreSQL and still learn that a tenant was resumed.
  private static final Duration RESUMED = Duration.ofDays(1);

  // One statement for all, so that one bell tells of them. The head's row lock is held from here to
  // the commit, so this comes late in a transaction.
  private static final String REVOKE =
      """
      with head as (update revocation_head set version = version + $6 returning version)
      insert into revocations as old (kind, tenant, subject, at, until, version)
      select r.kind, $1, r.subject, r.at, r.until, head.version - $6 + r.place
      from head, unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        with ordinality as r (kind, subject, at, until, place)
      on conflict (kind, tenant, subject) do update set
        at = excluded.at, until = excluded.until, version = excluded.version
      """;
  private static final String WAS_REVOKED =
      "select 1 from revocations where kind = 'tenant' and tenant = $1";
  private static final String ANEW = "update tenants set anew_at = $2 where id = $1";
  private static final String ANEW_SINCE =
      "select anew_at from tenants where id = $1 and anew_at is not null";
  private static final String SWEEP = "delete from revocations where until < $1";

  /// Ends all sessions of the user, and refuses every token of theirs that there is.
  ///
  /// @param forGood also those that are issued later
  /// @return how many sessions were ended
  int user(Sql sql, Effects effects, TenantId tenant, UserId user, boolean forGood, Instant now) {
    // First all sessions, then the head: whoever has both locks takes them in this order.
    List<String> ended = sessions.endAll(sql, tenant, user, "revoked", now);
    List<Revocation> all = over(tenant, ended, now);
    Instant at = forGood ? Revocation.FOR_GOOD : now;
    all.add(new Revocation(Revocation.Of.USER, tenant, user.value(), at, null));
    write(sql, effects, tenant, all);
    return ended.size();
  }

  /// Ends all sessions of the user; other tokens of theirs stay good.
  void sessions(Sql sql, Effects effects, TenantId tenant, UserId user, Instant now) {
    List<String> ended = sessions.endAll(sql, tenant, user, "other roles", now);
    if (!ended.isEmpty()) {
      write(sql, effects, tenant, over(tenant, ended, now));
    }
  }

  /// Ends the oldest sessions of a user who has more than so many.
  void trim(Sql sql, Effects effects, TenantId tenant, UserId user, int most, Instant now) {
    List<String> ended = sessions.endOldest(sql, tenant, user, most, "too many", now);
    if (!ended.isEmpty()) {
      write(sql, effects, tenant, over(tenant, ended, now));
    }
  }

  /// @return false where it had ended before
  boolean end(Sql sql, Effects effects, SessionRow session, String reason, Instant now) {
    boolean ended = sessions.end(sql, session.id(), reason, now);
    if (ended) {
      write(sql, effects, session.tenant(), over(session.tenant(), List.of(session.id()), now));
    }
    return ended;
  }

  /// Keeps everybody of the tenant out, whatever they have to show.
  public void suspend(Sql sql, Effects effects, TenantId tenant) {
    write(sql, effects, tenant, List.of(ofTenant(tenant, Revocation.FOR_GOOD, null)));
  }

  /// What was good before is good again, but nothing of a tenant of that id which was deleted.
  public void resume(Sql sql, Effects effects, TenantId tenant, Instant now) {
    RowSet<Row> anew = sql.run(ANEW_SINCE, tenant.value());
    OffsetDateTime since = anew.size() == 0 ? null : anew.iterator().next().getOffsetDateTime(0);
    write(
        sql,
        effects,
        tenant,
        List.of(
            since == null
                ? ofTenant(tenant, Revocation.NEVER, now.plus(RESUMED))
                : ofTenant(tenant, since.toInstant(), null)));
  }

  /// Where there was a tenant of that id, nothing of its is good in the new one.
  public void tenantAnew(Sql sql, Effects effects, TenantId tenant, Instant now) {
    if (sql.run(WAS_REVOKED, tenant.value()).size() > 0) {
      sql.run(ANEW, tenant.value(), utc(now));
      write(sql, effects, tenant, List.of(ofTenant(tenant, now, null)));
    }
  }

  private static Revocation ofTenant(TenantId tenant, Instant at, @Nullable Instant until) {
    return new Revocation(Revocation.Of.TENANT, tenant, tenant.value(), at, until);
  }

  private List<Revocation> over(TenantId tenant, List<String> ended, Instant now) {
    Instant until = now.plus(access).plus(SLACK);
    List<Revocation> over = new ArrayList<>();
    ended.forEach(id -> over.add(new Revocation(Revocation.Of.SESSION, tenant, id, now, until)));
    return over;
  }

  void key(Sql sql, Effects effects, TenantId tenant, String key, Instant expiresAt, Instant now) {
    Instant until = expiresAt.plus(SLACK);
    write(
        sql, effects, tenant, List.of(new Revocation(Revocation.Of.KEY, tenant, key, now, until)));
  }

  private void write(Sql sql, Effects effects, TenantId tenant, List<Revocation> revoked) {
    sql.run(
        REVOKE,
        tenant.value(),
        revoked.stream().map(each -> each.kind().stored()).toArray(String[]::new),
        revoked.stream().map(Revocation::subject).toArray(String[]::new),
        revoked.stream().map(each -> utc(each.at())).toArray(OffsetDateTime[]::new),
        revoked.stream().map(each -> utc(each.until())).toArray(OffsetDateTime[]::new),
        (long) revoked.size());
    effects.afterCommit(() -> bus.publish(Addresses.REVOKED, new Bell()));
  }

  /// Forgets what could refuse nothing any more.
  void sweep(Sql sql, Instant now) {
    sql.run(SWEEP, utc(now));
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }
}
