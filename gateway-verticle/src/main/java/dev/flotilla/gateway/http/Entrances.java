package dev.flotilla.gateway.http;

import dev.flotilla.gateway.auth.Accounts;

/// Where sessions begin.
public record Entrances(SocketRoutes sockets, StreamRoute stream, Accounts accounts) {

  /// True where no session begins any more, and nothing is changed.
  boolean draining() {
    return sockets.draining();
  }
}
