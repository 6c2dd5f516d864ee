package dev.flotilla.command.account;

import dev.flotilla.account.Revocation;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Takes back what somebody can show: the row commits with its cause, and the bell rings after it.
/// Gateways that miss the bell read the table anyway.
///
/// @param access how long an access token lives
public record Revoker(SessionStore sessions, Bus bus, Duration access) {
  /// Later than any token is issued.
  static final Instant FOR_GOOD = Instant.parse("9999-12-31T00:00:00Z");

  /// Beyond the life of a token, for clocks that differ.
  private static final Duration SLACK = Duration.ofMinutes(5);

  private static final int MOST_SESSIONS = 10_000;

  // The head's row lock is held from here to the commit, so this comes late in a transaction.
  private static final String REVOKE =
      """
      with next as (update revocation_head set version = version + 1 returning version)
      insert into revocations as old (kind, tenant, subject, at, until, version)
      select $1, $2, $3, $4, $5, version from next
      on conflict (kind, tenant, subject) do update set
        at = excluded.at, until = excluded.until, version = excluded.version
      """;
  private static final String SWEEP = "delete from revocations where until < $1";

  /// Ends all sessions of the user, and refuses every token of theirs that there is.
  ///
  /// @param forGood also those that are issued later
  void user(Sql sql, Effects effects, TenantId tenant, UserId user, boolean forGood, Instant now) {
    List<SessionRow> open = sessions.open(sql, tenant, user.value(), now, MOST_SESSIONS);
    // First all sessions, then the head: whoever has both locks takes them in this order.
    List<SessionRow> ended =
        open.stream().filter(session -> sessions.end(sql, session.id(), "revoked", now)).toList();
    ended.forEach(session -> write(sql, effects, over(session, now)));
    Instant at = forGood ? FOR_GOOD : now;
    write(sql, effects, new Revocation(Revocation.Of.USER, tenant, user.value(), at, null));
  }

  /// @return false where it had ended before
  boolean end(Sql sql, Effects effects, SessionRow session, String reason, Instant now) {
    boolean ended = sessions.end(sql, session.id(), reason, now);
    if (ended) {
      write(sql, effects, over(session, now));
    }
    return ended;
  }

  private Revocation over(SessionRow session, Instant now) {
    Instant until = now.plus(access).plus(SLACK);
    return new Revocation(Revocation.Of.SESSION, session.tenant(), session.id(), now, until);
  }

  void key(Sql sql, Effects effects, TenantId tenant, String key, Instant expiresAt, Instant now) {
    write(sql, effects, new Revocation(Revocation.Of.KEY, tenant, key, now, expiresAt.plus(SLACK)));
  }

  private void write(Sql sql, Effects effects, Revocation revocation) {
    sql.run(
        REVOKE,
        revocation.kind().stored(),
        revocation.tenant().value(),
        revocation.subject(),
        utc(revocation.at()),
        utc(revocation.until()));
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
