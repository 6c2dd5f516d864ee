package dev.flotilla.command.account;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Registration;
import dev.flotilla.command.audit.AuditStore;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.config.FleetConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/// All about who may come in, put together: what gateways ask over the bus, and the handlers.
public final class Accounts {
  private static final Duration KEPT = Duration.ofDays(1);

  private final SessionStore sessions = new SessionStore();
  private final UserStore users = new UserStore();
  private final Bus bus;
  private final Transactions transactions;
  private final Passwords passwords;
  private final Revoker revoker;
  private final AuditStore audit;
  private final Duration lifetime;
  private final int most;
  private final Clock clock;

  public Accounts(
      Vertx vertx,
      Bus bus,
      Transactions transactions,
      AuditStore audit,
      FleetConfig.Accounts config,
      Clock clock) {
    this.bus = bus;
    this.transactions = transactions;
    this.audit = audit;
    this.passwords = new Passwords(vertx, transactions.limit());
    this.revoker = new Revoker(sessions, bus, config.accessLifetime());
    this.lifetime = config.sessionLifetime();
    this.most = config.maxSessions();
    this.clock = clock;
  }

  /// Starts work on the verticle's own context.
  public interface Starter {
    <R> Future<R> start(Supplier<R> work);
  }

  public List<Registration> answer(Starter work) {
    Logins logins =
        new Logins(
            users, sessions, passwords, revoker, audit, transactions, lifetime, most, work, clock);
    OidcLogins foreign =
        new OidcLogins(logins, users, sessions, revoker, audit, transactions, clock);
    Logouts logouts = new Logouts(sessions, revoker, audit, transactions, clock);
    OidcLogouts gone = new OidcLogouts(sessions, revoker, audit, transactions, clock);
    return List.of(
        bus.answer(Addresses.OIDC_LOGOUT, ask -> work.start(() -> gone.logout(ask))),
        bus.answer(Addresses.LOGIN, ask -> work.start(() -> logins.login(ask))),
        bus.answer(Addresses.OIDC_LOGIN, ask -> work.start(() -> foreign.login(ask))),
        bus.answer(Addresses.REFRESH, ask -> work.start(() -> logins.refresh(ask))),
        bus.answer(Addresses.LOGOUT, ask -> work.start(() -> logouts.logout(ask))));
  }

  public Revoker revoker() {
    return revoker;
  }

  public AccessHandlers handlers() {
    return new AccessHandlers(
        new UserDesk(users, passwords, revoker),
        new SessionDesk(users, sessions, revoker),
        new KeyDesk(new KeyStore(), revoker, clock),
        new ReadAudit(audit));
  }

  /// Deletes sessions and revocations that nobody can ask after any more.
  public void sweep() {
    revoker.sweep(transactions.direct(), clock.instant());
    sessions.sweep(transactions.direct(), clock.instant().minus(KEPT));
  }
}
