package dev.flotilla.fleet.bench.wire.contender;

import dev.flotilla.fleet.bench.wire.load.Dialogue;
import java.io.IOException;

/// A server that carries events from a publisher to subscribers.
public interface Broker {
  String name();

  /// The root of its processes.
  ProcessHandle process();

  /// A socket that gets every event from now on.
  Dialogue subscriber() throws IOException;

  /// A socket that may publish.
  Dialogue publisher() throws IOException;

  Publication publication();

  /// Publishes one event and waits until the server has said what it says to that.
  void publish(Dialogue publisher, long number) throws IOException;

  /// True where each event comes as a WebSocket message of its own.
  boolean perMessage();
}
