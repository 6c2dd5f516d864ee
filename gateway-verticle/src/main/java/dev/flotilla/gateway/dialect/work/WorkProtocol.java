package dev.flotilla.gateway.dialect.work;

import java.time.Clock;
import java.util.List;

/// The fixed facts of the work dialect.
public final class WorkProtocol {
  public static final int VERSION = 1;
  public static final String SUBPROTOCOL = "fleet.work.v1";
  public static final List<String> PATHS = List.of("/ws", "/api/work/ws", "/api/v1/work/ws");

  private WorkProtocol() {}

  /// Loads the generated classes, which takes a fifth of a second: call it before the first client
  /// would have to wait for it.
  public static void warmUp() {
    WorkDecoder.decode(
        new SessionMessages(Clock.systemUTC()).pong(new WorkFrame.Ping("", 0), null));
  }
}
