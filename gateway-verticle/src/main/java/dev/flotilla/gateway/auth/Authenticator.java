package dev.flotilla.gateway.auth;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Tokens;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Turns a credential into a principal and counts how that went.
///
/// @param via how those come in whom it checks, for the meter
public record Authenticator(Tokens tokens, GatewayMeters meters, Via via) {
  private static final String SCHEME = "bearer ";

  /// The token of an `Authorization: Bearer` header, null where there is none.
  public static @Nullable String bearer(MultiMap headers) {
    String header = headers.get(HttpHeaders.AUTHORIZATION);
    return header != null && header.toLowerCase(Locale.ROOT).startsWith(SCHEME)
        ? header.substring(SCHEME.length()).strip()
        : null;
  }

  /// The same for those who come in that way.
  public Authenticator of(Via other) {
    return new Authenticator(tokens, meters, other);
  }

  /// Fails with a [FaultException] only.
  public Future<Principal> authenticate(@Nullable String token) {
    return tokens
        .verify(token)
        .onSuccess(_ -> meters.authenticated(via, null))
        .recover(refusal -> Future.failedFuture(refused(refusal)));
  }

  /// Whatever a library throws at a strange token, the token is the reason.
  private FaultException refused(Throwable refusal) {
    Fault known = FaultException.in(refusal);
    Fault fault =
        known != null
            ? known
            : Fault.of(Reason.TOKEN_INVALID, "The token is not one of this fleet.");
    meters.authenticated(via, fault.reason());
    return fault.asException();
  }
}
