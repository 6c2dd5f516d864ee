package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.wire.Compression;
import dev.flotilla.gateway.wire.DeflateTerms;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;

/// A session on a WebSocket.
final class SocketTransport implements Transport {
  private final Edge edge;
  private final DialectLimits limits;
  private final Outlet outlet;
  private final Assembly assembly;
  private final Intake intake;

  /// @param terms on which messages are compressed, null where they are not
  SocketTransport(
      Engine engine,
      Dialect dialect,
      ServerWebSocket socket,
      @Nullable DeflateTerms terms,
      Session session) {
    this.edge = engine.edge();
    this.limits = dialect.limits();
    this.outlet =
        new Outlet(
            socket,
            engine.flusher(),
            engine.tally(dialect.encoding()),
            terms == null ? null : new Compression(engine.compressor(), terms),
            session::stuck);
    this.assembly =
        new Assembly(
            dialect,
            terms == null ? null : engine.expander(),
            edge.config().maxFrameBytesBeforeConnect());
    this.intake = new Intake((ContextInternal) edge.loop(), session, assembly);
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
  public void stopListening() {
    intake.stopListening();
  }

  @Override
  public void trust() {
    assembly.allow(limits.softFrameBytes(), limits.hardFrameBytes());
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

  @Override
  public void fail(int code, String reason) {
    outlet.fail(code, reason);
  }
}
