package dev.flotilla.command.account;

import dev.flotilla.account.LoggedOut;
import dev.flotilla.account.OidcLogoutAsk;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.audit.Change;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/// Ends what began with a session at a provider that is over there. What the provider sends counts
/// once, and only for who was logged in when it was sent.
public record OidcLogouts(
    SessionStore sessions,
    Revoker revoker,
    AuditStore audit,
    Transactions transactions,
    Clock clock) {
  private static final String REASON = "logged out at the provider";

  /// As much as the provider's clock may be behind.
  private static final Duration SKEW = Duration.ofSeconds(5);

  /// Longer than what it sends is taken.
  private static final Duration REMEMBERED = Duration.ofMinutes(15);

  public LoggedOut logout(OidcLogoutAsk ask) {
    return transactions.run((sql, effects) -> logout(ask, sql, effects));
  }

  private LoggedOut logout(OidcLogoutAsk ask, Sql sql, Effects effects) {
    Instant now = clock.instant();
    if (!sessions.takeLogout(sql, ask, now.plus(REMEMBERED))) {
      return new LoggedOut(false);
    }
    List<SessionRow> over = sessions.lockByOrigin(sql, ask, ask.at().plus(SKEW), now);
    // First all sessions, then the heads of their tenants in one order.
    over.stream()
        .sorted(Comparator.comparing(session -> session.tenant().value()))
        .forEach(
            session -> {
              effects.sent(audit.add(sql, change(session, ask, now)));
              revoker.end(sql, effects, session, REASON, now);
            });
    return new LoggedOut(!over.isEmpty());
  }

  private static Change change(SessionRow session, OidcLogoutAsk ask, Instant now) {
    return new Change(
        session.tenant(),
        now,
        OidcLogins.maker(ask.issuer()),
        Logins.proof(session),
        "auth.logout",
        session.user().value(),
        Change.OK,
        Change.NO_FIELDS,
        ask.address(),
        ask.correlationId());
  }
}
