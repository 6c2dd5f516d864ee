package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.log.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A wire contract: how its sessions speak, and what they may do. Everything else is the engine's
/// and exists once. One object for all sessions of an event loop.
public interface Dialect extends Voice {

  /// Where it is served.
  List<String> paths();

  /// What a client offers in `Sec-WebSocket-Protocol` to name the dialect and its version.
  String subprotocol();

  /// True where messages are binary: then a text frame closes the socket with 1003, and vice versa.
  default boolean binary() {
    return false;
  }

  /// True where a message may be of either kind.
  default boolean mixed() {
    return false;
  }

  @Override
  @Nullable Frame render(Event event, String epoch);
}
