package dev.flotilla.command.account;

import dev.flotilla.account.LoggedOut;
import dev.flotilla.account.LogoutAsk;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.audit.Change;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Proof;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/// Ends sessions for who has them. To log out twice is no mistake.
public record Logouts(
    SessionStore sessions,
    Revoker revoker,
    AuditStore audit,
    Transactions transactions,
    Clock clock) {

  public LoggedOut logout(LogoutAsk ask) {
    return transactions.run(
        (sql, effects) -> {
          Optional<SessionRow> found = find(sql, ask);
          if (found.isEmpty()) {
            return new LoggedOut(false);
          }
          SessionRow session = found.get();
          Instant now = clock.instant();
          effects.sent(audit.add(sql, change(session, ask, now)));
          return new LoggedOut(revoker.end(sql, effects, session, "logout", now));
        });
  }

  private Optional<SessionRow> find(Sql sql, LogoutAsk ask) {
    Principal principal = ask.principal();
    if (principal != null) {
      Proof proof = principal.proof();
      return proof.kind() == Proof.Kind.SESSION && proof.id() != null
          ? sessions.lock(sql, principal.tenant(), proof.id())
          : Optional.empty();
    }
    String token = ask.refreshToken();
    if (token == null) {
      return Optional.empty();
    }
    Optional<SessionRow> found =
        sessions.lockByToken(sql, Secrets.refreshHash(token)).map(SessionStore.Found::session);
    found.ifPresent(session -> Logins.requireCsrf(session, ask.byCookie(), ask.csrf()));
    return found;
  }

  private static Change change(SessionRow session, LogoutAsk ask, Instant now) {
    return new Change(
        session.tenant(),
        now,
        session.user().value(),
        Logins.proof(session),
        "auth.logout",
        null,
        Change.OK,
        Change.NO_FIELDS,
        ask.address(),
        ask.correlationId());
  }
}
