package dev.flotilla.gateway.auth;

import dev.flotilla.account.Grant;
import dev.flotilla.account.LoggedOut;
import dev.flotilla.account.LoginAsk;
import dev.flotilla.account.LogoutAsk;
import dev.flotilla.account.OidcAsk;
import dev.flotilla.account.OidcLogoutAsk;
import dev.flotilla.account.RefreshAsk;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.limit.Attempts;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Logins as the edge sees them: it counts the tries, asks a command node, which knows users and
/// sessions, and signs the access token. A request is never sent twice: a refresh token is good
/// once.
public record Accounts(
    Bus bus,
    Tokens tokens,
    Attempts attempts,
    FleetConfig.Accounts config,
    Duration timeout,
    GatewayMeters meters,
    Clock clock) {

  /// A session and its newest access token.
  public record Admitted(Grant grant, String accessToken, Duration lifetime) {}

  public TenantId defaultTenant() {
    return new TenantId(config.defaultTenant());
  }

  /// Fails with a [FaultException] only, as do the others.
  public Future<Admitted> login(LoginAsk ask) {
    Fault limited = attempts.login(ask.tenant(), ask.name(), String.valueOf(ask.address()));
    return count(
        limited == null
            ? bus.ask(Addresses.LOGIN, ask, timeout).map(this::admit)
            : Future.failedFuture(limited.asException()));
  }

  /// For whom a provider vouches.
  public Future<Admitted> login(OidcAsk ask) {
    String address = String.valueOf(ask.address());
    return count(
        bus.ask(Addresses.OIDC_LOGIN, ask, timeout)
            .onSuccess(_ -> attempts.wasGood(address))
            .map(this::admit));
  }

  /// Counts a try of somebody who may be nobody yet.
  public @Nullable Fault tryFrom(@Nullable String address) {
    return attempts.from(String.valueOf(address));
  }

  public Future<Admitted> refresh(RefreshAsk ask) {
    String address = String.valueOf(ask.address());
    Fault limited = attempts.from(address);
    return count(
        limited == null
            ? bus.ask(Addresses.REFRESH, ask, timeout)
                .onSuccess(_ -> attempts.wasGood(address))
                .map(this::admit)
            : Future.failedFuture(limited.asException()));
  }

  public Future<LoggedOut> logout(LogoutAsk ask) {
    return bus.ask(Addresses.LOGOUT, ask, timeout);
  }

  /// Of whom a provider says that they have logged out.
  public Future<LoggedOut> logout(OidcLogoutAsk ask) {
    return bus.ask(Addresses.OIDC_LOGOUT, ask, timeout)
        .onSuccess(_ -> attempts.wasGood(String.valueOf(ask.address())));
  }

  /// The token ends with its session at the latest.
  private Admitted admit(Grant grant) {
    Instant now = clock.instant();
    Duration left = Duration.between(now, grant.expiresAt());
    Duration lifetime =
        left.compareTo(config.accessLifetime()) < 0 ? left : config.accessLifetime();
    String token =
        tokens.issue(
            grant.tenant(), grant.user(), grant.roles(), lifetime, grant.session(), grant.csrf());
    return new Admitted(grant, token, lifetime);
  }

  private Future<Admitted> count(Future<Admitted> asked) {
    return asked
        .onSuccess(_ -> meters.authenticated(Via.REST, null))
        .onFailure(failure -> denied(FaultException.in(failure)));
  }

  /// What a page may not do, its route counts. A store that is away denies nothing.
  private void denied(@Nullable Fault fault) {
    if (fault != null) {
      switch (fault.code()) {
        case AUTHENTICATION_FAILED, RATE_LIMIT_EXCEEDED ->
            meters.authenticated(Via.REST, fault.reason());
        default -> {}
      }
    }
  }
}
