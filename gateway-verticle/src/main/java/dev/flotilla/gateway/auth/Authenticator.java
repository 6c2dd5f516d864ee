package dev.flotilla.gateway.auth;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns a credential into a principal and counts how that went. The only one: sockets, streams
/// and requests differ in what may carry a credential, not in what it is worth.
public final class Authenticator {
  private final Vouching vouching;
  private final Tickets tickets;
  private final Guests guests;
  private final GatewayMeters meters;

  public Authenticator(
      Vouching vouching,
      Tickets tickets,
      FleetConfig.Gateway config,
      GatewayMeters meters,
      Clock clock) {
    this.vouching = vouching;
    this.tickets = tickets;
    this.guests = Guests.of(config, clock);
    this.meters = meters;
  }

  /// For whom the fleet itself must have vouched. Fails with a [FaultException] only.
  ///
  /// @param via what is entered, for the meter
  public Future<Principal> authenticate(Credential credential, Via via) {
    return count(check(credential), via);
  }

  /// The same where guests may enter.
  public Future<Principal> authenticateGuest(Credential credential, Via via) {
    Optional<Principal> guest = guests.admit(credential);
    return count(guest.map(this::vouched).orElseGet(() -> check(credential)), via);
  }

  /// Guests are of a tenant, too.
  private Future<Principal> vouched(Principal guest) {
    return Future.succeededFuture(guest).map(vouching.revocations()::require);
  }

  /// A ticket for the holder of a token. Fails with a [FaultException] only.
  public Future<Tickets.Issued> issueTicket(Credential credential, Via via) {
    return authenticate(credential, via)
        .compose(
            holder ->
                credential instanceof Credential.Token(var token)
                    ? tickets.issue(token.reveal(), holder)
                    : Future.failedFuture(tokenWanted()));
  }

  /// Why what the principal has shown is no good any more; null where it is.
  public @Nullable Fault objection(Principal principal) {
    return vouching.revocations().refusal(principal);
  }

  private static FaultException tokenWanted() {
    return Fault.of(Reason.TOKEN_MISSING, "A token is required.").asException();
  }

  private Future<Principal> check(Credential credential) {
    return switch (credential) {
      case Credential.Token(var token) -> vouching.verify(token.reveal());
      case Credential.Cookie(var token, var csrf) -> vouching.verifyCookie(token.reveal(), csrf);
      case Credential.Ticket(var ticket) ->
          tickets.redeem(ticket.reveal()).compose(vouching::verify);
      case Credential.Unfit(Fault fault) -> Future.failedFuture(fault.asException());
      case Credential.None _ -> vouching.verify(null);
    };
  }

  private Future<Principal> count(Future<Principal> checked, Via via) {
    return checked
        .onSuccess(_ -> meters.authenticated(via, null))
        .recover(refusal -> Future.failedFuture(refused(refusal, via)));
  }

  /// Whatever a library throws at a strange token, the token is the reason.
  private FaultException refused(Throwable refusal, Via via) {
    Fault known = FaultException.in(refusal);
    Fault fault =
        known != null
            ? known
            : Fault.of(Reason.TOKEN_INVALID, "The token is not one of this fleet.");
    // What HTTP may not do, its routes count when they say so.
    if (via == Via.WS || fault.code() != FaultCode.AUTHORIZATION_FAILED) {
      meters.authenticated(via, fault.reason());
    }
    return fault.asException();
  }
}
