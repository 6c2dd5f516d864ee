package dev.flotilla.registry.link.openclaw;

import dev.flotilla.contract.LinkStatus;

/// What it means that an instance, or the network, has ended a connection that stood.
///
/// @param comesBack true where it said that it will be there again in a moment
record Parting(LinkStatus status, String words, boolean comesBack) {
  static Parting of(RpcFailure why) {
    return switch (why.code()) {
      // Both for a stop and for a restart: the next try will tell.
      case "1012", "1013" ->
          new Parting(LinkStatus.RESTARTING, why.getMessage() + ", the gateway restarts", true);
      case "4001" ->
          new Parting(
              LinkStatus.REFUSED,
              why.getMessage() + ", the gateway has changed who may connect",
              false);
      default -> new Parting(LinkStatus.UNREACHABLE, why.getMessage(), false);
    };
  }
}
