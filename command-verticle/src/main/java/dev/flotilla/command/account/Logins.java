package dev.flotilla.command.account;

import dev.flotilla.account.Grant;
import dev.flotilla.account.LoginAsk;
import dev.flotilla.account.RefreshAsk;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.audit.Change;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Proof;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins sessions for who knows a password, and goes on with them for who has the newest refresh
/// token. Each refresh token is good once: one that comes again was stolen from its owner or is
/// shown by the thief, and nobody can tell which, so the session ends for both.
///
/// @param lifetime of a session, whatever is refreshed
/// @param most sessions of one user; the oldest ends where there would be more
/// @param aside starts what no answer waits for
public record Logins(
    UserStore users,
    SessionStore sessions,
    Passwords passwords,
    Revoker revoker,
    AuditStore audit,
    Transactions transactions,
    Duration lifetime,
    int most,
    Accounts.Starter aside,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
  private static final int LONGEST_AGENT = 200;
  private static final String LOGIN = "auth.login";
  private static final String REFRESH = "auth.refresh";
  private static final String REUSED = "refresh token reused";

  /// The same refusal, after the same time, whether the user is unknown or the password is wrong.
  public Grant login(LoginAsk ask) {
    Optional<UserRow> user =
        Ids.isValid(ask.name())
            ? users.find(transactions.direct(), ask.tenant(), ask.name())
            : Optional.empty();
    boolean right = passwords.verify(ask.password(), user.map(UserRow::passwordHash).orElse(null));
    UserRow known = user.orElse(null);
    if (known == null || !right || known.disabled()) {
      if (known != null) {
        writeDown(known, Reason.LOGIN_FAILED, ask);
      }
      throw refused();
    }
    if (known.suspended()) {
      writeDown(known, Reason.TENANT_SUSPENDED, ask);
      throw suspended();
    }
    return transactions.run((sql, effects) -> begin(ask, known, sql, effects));
  }

  /// After the answer, which must not come later for a user that there is.
  private void writeDown(UserRow known, Reason outcome, LoginAsk ask) {
    Change failed =
        change(known, Proof.NONE.text(), LOGIN, outcome.name(), ask.address(), ask.correlationId());
    aside
        .start(() -> transactions.run((sql, _) -> sql.await(audit.add(sql, failed)).rowCount()))
        .onFailure(late -> LOG.warn("a failed login is not in the audit log", late));
  }

  private Grant begin(LoginAsk ask, UserRow checked, Sql sql, Effects effects) {
    // Locked: who is disabled or gets another password meanwhile is not let in with the old one.
    UserRow user = users.lock(sql, checked.tenant(), checked.id()).orElseThrow(Logins::refused);
    if (user.suspended()) {
      throw suspended();
    }
    if (user.disabled() || !String.valueOf(user.passwordHash()).equals(checked.passwordHash())) {
      throw refused();
    }
    return open(
        user, null, ask.csrf(), ask.address(), ask.agent(), ask.correlationId(), sql, effects);
  }

  /// Begins a session for a user who is locked.
  ///
  /// @param origin null where no provider was asked
  Grant open(
      UserRow user,
      SessionRow.@Nullable Origin origin,
      boolean cookies,
      @Nullable String address,
      @Nullable String agent,
      String correlationId,
      Sql sql,
      Effects effects) {
    Instant now = now();
    String refreshToken = Secrets.next();
    String csrf = cookies ? Secrets.next() : null;
    SessionRow session =
        new SessionRow(
            Ids.next(clock),
            user.tenant(),
            user.id(),
            csrf == null ? null : Secrets.csrfHash(csrf),
            address,
            cut(agent),
            now,
            now,
            now.plus(lifetime),
            false,
            origin);
    sessions.insert(sql, session, Secrets.refreshHash(refreshToken));
    revoker.trim(sql, effects, user.tenant(), user.id(), most, now);
    effects.sent(
        audit.add(sql, change(user, proof(session), LOGIN, Change.OK, address, correlationId)));
    return grant(session, user, refreshToken, csrf);
  }

  public Grant refresh(RefreshAsk ask) {
    // A refusal is an outcome here, not an exception: what it ends must be committed.
    return transactions.run((sql, effects) -> refresh(ask, sql, effects)).orElseThrow(Logins::over);
  }

  private Optional<Grant> refresh(RefreshAsk ask, Sql sql, Effects effects) {
    String used = Secrets.refreshHash(ask.refreshToken());
    SessionStore.Found found = sessions.lockByToken(sql, used).orElse(null);
    Instant now = now();
    if (found == null || !found.session().goesOn(now)) {
      return Optional.empty();
    }
    SessionRow session = found.session();
    // Before anything else: a page that can make a browser send the cookie must not end a session.
    requireCsrf(session, ask.byCookie(), ask.csrf());
    UserRow user = users.find(sql, session.tenant(), session.user().value()).orElse(null);
    if (user == null || user.disabled()) {
      return Optional.empty();
    }
    if (user.suspended()) {
      throw suspended(); // The session goes on when the tenant does.
    }
    if (found.tokenUsed()) {
      effects.sent(
          audit.add(
              sql,
              change(
                  user,
                  proof(session),
                  REFRESH,
                  Reason.SESSION_OVER.name(),
                  ask.address(),
                  ask.correlationId())));
      revoker.end(sql, effects, session, REUSED, now);
      return Optional.empty();
    }
    String next = Secrets.next();
    sessions.replaceToken(sql, session.id(), used, Secrets.refreshHash(next), now);
    return Optional.of(grant(session, user, next, ask.byCookie() ? ask.csrf() : null));
  }

  static void requireCsrf(SessionRow session, boolean byCookie, @Nullable String shown) {
    String wanted = session.csrfHash();
    if (byCookie && (wanted == null || shown == null || !Secrets.csrfHash(shown).equals(wanted))) {
      throw Fault.of(Reason.CSRF_REFUSED, "A cookie counts only with its X-CSRF-Token.")
          .asException();
    }
  }

  private static Grant grant(
      SessionRow session, UserRow user, String refreshToken, @Nullable String csrf) {
    return new Grant(
        user.tenant(),
        user.id(),
        user.roles(),
        session.id(),
        refreshToken,
        csrf,
        session.expiresAt());
  }

  static String proof(SessionRow session) {
    return new Proof(Proof.Kind.SESSION, session.id(), session.createdAt()).text();
  }

  private Change change(
      UserRow user,
      String proof,
      String action,
      String outcome,
      @Nullable String address,
      String correlationId) {
    return new Change(
        user.tenant(),
        now(),
        user.id().value(),
        proof,
        action,
        null,
        outcome,
        Change.NO_FIELDS,
        address,
        correlationId);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static @Nullable String cut(@Nullable String agent) {
    return agent == null || agent.length() <= LONGEST_AGENT
        ? agent
        : agent.substring(0, LONGEST_AGENT);
  }

  static FaultException refused() {
    return Fault.of(Reason.LOGIN_FAILED, "Tenant, name or password are not right.").asException();
  }

  static FaultException suspended() {
    return Fault.of(Reason.TENANT_SUSPENDED, "The tenant is suspended.").asException();
  }

  private static FaultException over() {
    return Fault.of(Reason.SESSION_OVER, "The session is over.").asException();
  }
}
