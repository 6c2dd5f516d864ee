package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig.DialectLimits;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;

/// A session on a WebSocket.
final class SocketTransport implements Transport {
  private final Edge edge;
  private final DialectLimits limits;
  private final Outlet outlet;
  private final Intake intake;

  SocketTransport(Engine engine, Dialect dialect, ServerWebSocket socket, Session session) {
    this.edge = engine.edge();
    this.limits = dialect.limits();
    this.outlet =
        new Outlet(socket, engine.flusher(), engine.tally(dialect.encoding()), session::stuck);
    this.intake =
        new Intake(
            (ContextInternal) edge.loop(),
            session,
            dialect.binary(),
            edge.config().maxFrameBytesBeforeConnect());
  }

  @Override
  public void begin() {
    outlet.begin(intake, edge.config().maxFrameBytesBeforeConnect(), limits.hardFrameBytes());
  }

  @Override
  public void pause() {
    intake.pause();
  }

  @Override
  public void resume() {
    intake.resume();
  }

  @Override
  public void trust() {
    intake.allow(limits.softFrameBytes(), limits.hardFrameBytes());
    outlet.trust();
  }

  @Override
  public WriteQueue queue() {
    return outlet.queue();
  }

  @Override
  public boolean ping() {
    outlet.ping();
    return true;
  }

  @Override
  public void close(int code, String reason) {
    outlet.close(code, reason);
  }
}
