package dev.flotilla.gateway.http;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.auth.Accounts;

/// Where sessions begin.
///
/// @param identity who may come in
public record Entrances(
    SocketRoutes sockets, StreamRoute stream, Accounts accounts, FleetConfig.Identity identity) {

  /// True where no session begins any more, and nothing is changed.
  boolean draining() {
    return sockets.draining();
  }
}
