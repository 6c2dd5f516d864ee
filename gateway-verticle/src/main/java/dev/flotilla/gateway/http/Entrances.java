package dev.flotilla.gateway.http;

/// Where sessions begin.
public record Entrances(SocketRoutes sockets, StreamRoute stream) {

  /// True where no session begins any more, and nothing is changed.
  boolean draining() {
    return sockets.draining();
  }
}
