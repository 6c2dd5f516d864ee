package dev.flotilla.registry.link.openclaw;

import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.registry.link.ConnectOutcome;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the end of a try to connect means.
///
/// @param words for the operator
/// @param action a command that the operator has to run first
/// @param atLeast no other try before; null where there is no such wish
record Verdict(
    ConnectOutcome outcome,
    LinkStatus status,
    String words,
    @Nullable String action,
    @Nullable Duration atLeast) {
  private static final Duration LOCKOUT = Duration.ofMinutes(5);
  // An operator who has approved should not have to wait, and a try costs the instance little.
  private static final Duration PAIRING = Duration.ofSeconds(5);

  /// How the fleet can work with what has let it in.
  static Verdict of(Hello hello) {
    String incompatible = hello.incompatibility();
    if (incompatible != null) {
      return plain(ConnectOutcome.REFUSED, LinkStatus.INCOMPATIBLE, incompatible);
    }
    String refused = hello.refusal();
    return refused == null
        ? plain(ConnectOutcome.CONNECTED, LinkStatus.CONNECTED, "connected")
        : plain(ConnectOutcome.REFUSED, LinkStatus.REFUSED, refused);
  }

  static Verdict of(Throwable failure) {
    String words = Dialer.inWords(failure);
    return failure instanceof RpcFailure rpc
        ? of(rpc, words)
        : plain(Dialer.outcome(failure), status(Dialer.outcome(failure)), words);
  }

  private static Verdict of(RpcFailure rpc, String words) {
    return switch (rpc.detail()) {
      case "PAIRING_REQUIRED" -> pairing(rpc);
      case "AUTH_RATE_LIMITED" ->
          new Verdict(
              ConnectOutcome.REFUSED,
              LinkStatus.LOCKED_OUT,
              "it takes no credential from here for now, after too many wrong ones",
              null,
              rpc.retryAfter() == null ? LOCKOUT : rpc.retryAfter());
      case "PROTOCOL_MISMATCH" -> plain(ConnectOutcome.REFUSED, LinkStatus.INCOMPATIBLE, words);
      default -> byCode(rpc, words);
    };
  }

  /// A refusal is what will not change by itself; everything else is worth another try soon.
  private static Verdict byCode(RpcFailure rpc, String words) {
    return switch (rpc.code()) {
      case "1002" -> plain(ConnectOutcome.REFUSED, LinkStatus.INCOMPATIBLE, words);
      case "INVALID_REQUEST", "NOT_PAIRED", "FORBIDDEN", "1008", "4001" ->
          plain(ConnectOutcome.REFUSED, LinkStatus.REFUSED, words);
      case "UNAVAILABLE", "1012", "1013" ->
          new Verdict(ConnectOutcome.NOT_YET, LinkStatus.RESTARTING, words, null, rpc.retryAfter());
      default -> plain(ConnectOutcome.UNREACHABLE, LinkStatus.UNREACHABLE, words);
    };
  }

  private static Verdict pairing(RpcFailure rpc) {
    String why =
        switch (rpc.info("reason")) {
          case "scope-upgrade" -> "the fleet asks for more than was approved";
          case "role-upgrade" -> "the fleet asks for another role than was approved";
          case "metadata-upgrade" -> "the fleet has changed since it was approved";
          default -> "the gateway does not know the fleet yet";
        };
    String request = rpc.info("requestId");
    String command = "openclaw devices approve " + (request.isEmpty() ? "REQUEST" : request);
    return new Verdict(
        ConnectOutcome.PAIRING,
        LinkStatus.PAIRING_REQUIRED,
        "pairing is required, " + why + ": run `" + command + "` on the gateway's host",
        command,
        PAIRING);
  }

  private static Verdict plain(ConnectOutcome outcome, LinkStatus status, String words) {
    return new Verdict(outcome, status, words, null, null);
  }

  private static LinkStatus status(ConnectOutcome outcome) {
    return switch (outcome) {
      case CONNECTED -> LinkStatus.CONNECTED;
      case UNREACHABLE -> LinkStatus.UNREACHABLE;
      case NOT_YET -> LinkStatus.RESTARTING;
      case REFUSED -> LinkStatus.REFUSED;
      case PAIRING -> LinkStatus.PAIRING_REQUIRED;
    };
  }

  LinkView view() {
    return new LinkView(status, action);
  }
}
