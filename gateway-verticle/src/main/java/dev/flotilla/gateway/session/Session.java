package dev.flotilla.gateway.session;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.dialect.control.ClientFrame;
import dev.flotilla.gateway.dialect.control.FrameDecoder;
import dev.flotilla.gateway.dialect.control.ServerFrame;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One client's socket, from the challenge to the close. Confined to its event loop: no locks, no
/// awaiting. It decodes, looks at its phase, and delegates.
final class Session implements Inbound.Listener {
  private static final long PATIENCE_MS = 2_000;
  private static final long ABORT_AFTER = Duration.ofSeconds(10).toNanos();
  private static final String PEER = "peer";

  private sealed interface Phase {
    record Greeting() implements Phase {}

    record Checking() implements Phase {}

    record Live(Calls calls) implements Phase {}

    record Closed(String code, long at) implements Phase {}
  }

  private final Edge edge;
  private final ServerWebSocket socket;
  private final @Nullable String headerToken;
  private final String id;
  private final SessionLog log;
  private final Outlet outlet;
  private final Sender sender;
  private final Inbound inbound;
  private final Liveness liveness;
  private Phase phase = new Phase.Greeting();
  private @Nullable Stream stream;
  private boolean welcomed;

  /// @param headerToken the bearer token of the upgrade request, if it had one
  Session(Edge edge, ServerWebSocket socket, @Nullable String headerToken) {
    this.edge = edge;
    this.socket = socket;
    this.headerToken = headerToken;
    this.id = Ids.next(edge.clock());
    this.log = new SessionLog(id);
    this.outlet = new Outlet(socket, edge.loop());
    this.sender = new Sender(edge, outlet, this::tooSlow);
    this.inbound = new Inbound(this, edge.config().maxFrameBytesBeforeConnect());
    this.liveness = new Liveness(edge.config(), System.nanoTime());
  }

  void open() {
    outlet.distrust(
        edge.config().maxFrameBytesBeforeConnect(),
        edge.dialects().control().hardFrameBytes());
    outlet.onViolation(code -> close(code, "protocol violation"));
    socket.frameHandler(inbound::frame);
    sender.send(ServerFrame.challenge(Ids.next(edge.clock()), edge.now()));
  }

  @Override
  public void heard() {
    liveness.heard(System.nanoTime());
  }

  @Override
  public void refused(CloseReason reason) {
    close(reason, "");
  }

  @Override
  public void tooLarge(int limit) {
    malformed(Fault.of(Reason.PAYLOAD_TOO_LARGE, "A frame has at most " + limit + " bytes."));
  }

  @Override
  public void text(String text) {
    edge.meters().frameReceived();
    try {
      if (phase instanceof Phase.Greeting) {
        greeted(FrameDecoder.decode(text));
      } else if (phase instanceof Phase.Live live) {
        serve(live, FrameDecoder.decode(text));
      }
    } catch (RuntimeException bug) {
      // It ends no session, but who finds such a frame may not send it for ever.
      malformed(log.fault(bug, edge.clock()));
    }
  }

  private void greeted(ClientFrame first) {
    switch (first) {
      case ClientFrame.Connect connect -> check(connect);
      case ClientFrame.Malformed(var type, var fault) when "connect".equals(type) -> {
        sender.error(fault);
        close(CloseReason.BAD_CONNECT, fault.message());
      }
      case ClientFrame.Malformed _, ClientFrame.Req _ -> connectExpected();
    }
  }

  private void connectExpected() {
    sender.error(Fault.of(Reason.CONNECT_EXPECTED, "The first frame must be connect."));
    close(CloseReason.POLICY, "connect expected");
  }

  private void check(ClientFrame.Connect connect) {
    Fault version = Handshake.versionFault(connect);
    if (version != null) {
      refuse(connect, version, CloseReason.BAD_CONNECT);
      return;
    }
    phase = new Phase.Checking();
    socket.pause();
    edge.authenticator()
        .authenticate(connect.token() == null ? headerToken : connect.token())
        .onComplete(
            principal -> join(connect, principal),
            failure ->
                refuse(connect, log.fault(failure, edge.clock()), CloseReason.UNAUTHENTICATED));
  }

  private void refuse(ClientFrame.Connect connect, Fault fault, CloseReason reason) {
    String correlationId = Ids.next(edge.clock());
    log.refused(fault, correlationId);
    sender.answer(connect.id(), fault, correlationId);
    close(reason, fault.message());
  }

  /// hello waits a moment for the log's position, but not for long: a session is worth having while
  /// the log is away.
  private void join(ClientFrame.Connect connect, Principal principal) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    Stream joined = edge.hub().join(principal.tenant(), sender);
    stream = joined;
    if (!joined.opened().isComplete()) {
      edge.vertx().setTimer(PATIENCE_MS, _ -> welcome(connect, principal, joined));
    }
    joined.opened().onSuccess(_ -> welcome(connect, principal, joined));
  }

  private void welcome(ClientFrame.Connect connect, Principal principal, Stream joined) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    phase = new Phase.Live(new Calls(edge, sender, log, principal, joined));
    welcomed = true;
    inbound.allow(edge.dialects().control().softFrameBytes());
    outlet.trust();
    liveness.connected(System.nanoTime(), Duration.between(edge.now(), principal.expiresAt()));
    edge.meters().sessionOpened();
    log.connected(principal, connect.client());
    sender.send(Handshake.hello(edge, connect.id(), id, principal, joined.position()));
    socket.resume();
  }

  private void serve(Phase.Live live, ClientFrame frame) {
    switch (frame) {
      case ClientFrame.Req req -> live.calls().serve(req);
      case ClientFrame.Connect connect ->
          sender.answer(
              connect.id(),
              Fault.of(Reason.WRONG_STATE, "This session is connected already."),
              Ids.next(edge.clock()));
      case ClientFrame.Malformed(_, var fault) -> malformed(fault);
    }
  }

  private void malformed(Fault fault) {
    sender.error(fault);
    if (liveness.malformed(System.nanoTime())) {
      close(CloseReason.POLICY, "too many malformed frames");
    }
  }

  /// Called by the loop's timer.
  void beat(long now) {
    if (phase instanceof Phase.Closed(_, long at)) {
      if (now - at > ABORT_AFTER) {
        sender.abort();
      }
      return;
    }
    switch (liveness.due(now)) {
      case NOTHING -> {}
      case CONNECT_IS_LATE -> connectExpected();
      case TOKEN_IS_OVER -> {
        sender.error(Fault.of(Reason.TOKEN_EXPIRED, "The token has expired."));
        close(CloseReason.UNAUTHENTICATED, "token expired");
      }
      case SILENCE -> close(CloseReason.SILENT, "nothing heard");
      case PING -> sender.ping();
      case TICK -> tick();
    }
  }

  /// Who is still reading what was sent before learns nothing from a tick, and must not be closed
  /// for it: one large event alone may be above the limit.
  private void tick() {
    if (!sender.backedUp()) {
      sender.send(ServerFrame.tick(stream == null ? null : stream.position(), edge.now()));
    }
  }

  /// Tells the client to go, lets open requests finish, and closes.
  void drain(long retryAfterMs) {
    String hint = "retryAfterMs=" + retryAfterMs;
    if (phase instanceof Phase.Live(Calls calls)) {
      sender.send(ServerFrame.drain(retryAfterMs, edge.now()));
      calls.drain(() -> close(CloseReason.RESTART, hint));
    } else {
      close(CloseReason.RESTART, hint);
    }
  }

  /// The socket is gone. Not to be called from inside a delivery.
  void closed() {
    String code = phase instanceof Phase.Closed(var ours, _) ? ours : PEER;
    phase = new Phase.Closed(code, System.nanoTime());
    if (stream != null) {
      edge.hub().leave(stream);
    }
    if (welcomed) {
      edge.meters().sessionClosed();
    }
    edge.meters().socketClosed(code);
    log.closed(code);
  }

  private void tooSlow() {
    close(CloseReason.SLOW, stream == null ? "" : "read up to " + stream.position());
  }

  private void close(CloseReason reason, String text) {
    close(reason.code(), text);
  }

  private void close(int code, String text) {
    if (!(phase instanceof Phase.Closed)) {
      phase = new Phase.Closed(Integer.toString(code), System.nanoTime());
      sender.end(code, text);
      socket.resume(); // Else the peer's closing frame would wait behind the pause.
    }
  }
}
