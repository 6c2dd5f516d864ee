package dev.flotilla.gateway.session;

import dev.flotilla.contract.TopicPattern;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Frame;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One client's socket, from the upgrade to the close, whatever dialect it speaks. Confined to its
/// event loop: no locks, no awaiting. It knows who the client is and how the socket is; what is
/// said it leaves to the conversation.
final class Session implements Line, Intake.Listener, Sender.Listener {
  private static final long PATIENCE_MS = 2_000;
  private static final long ABORT_AFTER = Duration.ofSeconds(10).toNanos();
  private static final long HANG_UP_AFTER = Duration.ofSeconds(1).toNanos();
  private static final String PEER = "peer";

  private sealed interface Phase {
    /// Nobody has said who it is.
    record Strange() implements Phase {}

    record Checking() implements Phase {}

    record Admitted(Principal principal, Stream stream, Subscriptions subscriptions, Calls calls)
        implements Phase {}

    record Closed(String code, long until) implements Phase {}
  }

  private static final Phase STRANGE = new Phase.Strange();
  private static final Phase CHECKING = new Phase.Checking();

  private final Edge edge;
  private final Dialect dialect;
  private final Arrival arrival;
  private final Tally tally;
  private final String id;
  private final SessionLog log;
  private final Outlet outlet;
  private final Sender sender;
  private final Assembly assembly;
  private final Intake intake;
  private final Liveness liveness;
  private final Wheel wheel;
  private final Wheel.Ticket ticket;
  private final Conversation conversation;
  private Phase phase = STRANGE;
  private @Nullable Stream joined;
  private boolean welcomed;
  private boolean leaving;

  Session(Engine engine, Dialect dialect, ServerWebSocket socket, Arrival arrival) {
    this.edge = engine.edge();
    this.dialect = dialect;
    this.arrival = arrival;
    this.tally = Objects.requireNonNull(engine.tallies().get(dialect.encoding()));
    this.id = Ids.next(edge.clock());
    this.log = new SessionLog(id, dialect.encoding());
    this.outlet =
        new Outlet(
            socket, engine.flusher(), engine.compressor(), arrival.compression(), this::tooSlow);
    this.sender =
        new Sender(
            dialect,
            outlet,
            tally,
            this,
            edge.config().maxQueuedBytes(),
            edge.config().maxQueuedFrames());
    this.assembly =
        new Assembly(
            dialect,
            arrival.compression() == null ? null : engine.expander(),
            edge.config().maxFrameBytesBeforeConnect());
    this.intake = new Intake((ContextInternal) edge.loop(), this, assembly);
    this.liveness = new Liveness(edge.config(), dialect.limits(), System.nanoTime());
    this.wheel = engine.wheel();
    this.ticket = wheel.ticket(this::beat);
    this.conversation = dialect.converse(this);
  }

  void open() {
    outlet.begin(
        intake, edge.config().maxFrameBytesBeforeConnect(), dialect.limits().hardFrameBytes());
    wheel.arm(ticket, liveness.next());
    if (arrival.forbidden()) {
      close(CloseReason.FORBIDDEN, "origin not allowed");
      return;
    }
    conversation.opened();
    Principal known = arrival.principal();
    if (known != null) {
      phase = CHECKING;
      intake.pause();
      join(known, null);
    } else if (dialect.admission() == Dialect.Admission.AFTER_UPGRADE) {
      admit(null, null);
    }
  }

  // What comes in

  @Override
  public void heard() {
    liveness.heard(System.nanoTime());
  }

  @Override
  public void message(Message message) {
    tally.received(message.size());
    liveness.active(System.nanoTime());
    if (phase instanceof Phase.Closed) {
      return;
    }
    try {
      conversation.received(message);
    } catch (RuntimeException failure) {
      // A bug of ours ends no session, but who finds such a message may not send it for ever.
      malformed();
      conversation.faulty(fault(failure));
    }
  }

  @Override
  public void tooLarge(int limit) {
    malformed();
    conversation.faulty(
        Fault.of(Reason.PAYLOAD_TOO_LARGE, "A message has at most " + limit + " bytes."));
  }

  @Override
  public void refused(CloseReason reason) {
    close(reason, "");
  }

  @Override
  public void pinged(byte[] payload) {
    sender.pong(payload);
  }

  @Override
  public void violated(int code) {
    if (enter(Integer.toString(code), HANG_UP_AFTER)) {
      sender.fail(code, "protocol violation");
    }
  }

  @Override
  public void left() {
    if (enter(PEER, ABORT_AFTER)) {
      sender.end();
    }
  }

  @Override
  public void writable() {
    sender.writable();
  }

  // What the dialect asks for

  @Override
  public String id() {
    return id;
  }

  @Override
  public Edge edge() {
    return edge;
  }

  @Override
  public void send(Frame frame) {
    sender.send(frame);
  }

  @Override
  public void admit(@Nullable String token, @Nullable String client) {
    phase = CHECKING;
    intake.pause();
    edge.authenticator()
        .authenticate(token == null ? arrival.token() : token)
        .onComplete(principal -> join(principal, client), this::refuse);
  }

  @Override
  public Future<Refreshed> refresh(@Nullable String token) {
    return edge.authenticator().authenticate(token).map(this::renew);
  }

  @Override
  public Principal principal() {
    return admitted().principal();
  }

  @Override
  public Subscriptions subscriptions() {
    return admitted().subscriptions();
  }

  @Override
  public Calls calls() {
    return admitted().calls();
  }

  @Override
  public void malformed() {
    if (liveness.malformed(System.nanoTime())) {
      close(CloseReason.POLICY, "too many malformed messages");
    }
  }

  @Override
  public Fault fault(Throwable failure) {
    return log.fault(failure, edge.clock());
  }

  @Override
  public void close(CloseReason reason, String text) {
    close(reason.code(), text);
  }

  private Phase.Admitted admitted() {
    if (phase instanceof Phase.Admitted admitted) {
      return admitted;
    }
    throw Fault.of(Reason.WRONG_STATE, "This session has no principal.").asException();
  }

  // Who it is

  /// The dialect's greeting waits a moment for the log's position, but not for long: a session is
  /// worth having while the log is away.
  private void join(Principal principal, @Nullable String client) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    Stream stream = edge.hub().join(principal.tenant(), sender, edge.config().maxPatternMatches());
    joined = stream;
    if (!stream.opened().isComplete()) {
      edge.vertx().setTimer(PATIENCE_MS, _ -> welcome(principal, stream, client));
    }
    stream.opened().onSuccess(_ -> welcome(principal, stream, client));
  }

  private void welcome(Principal principal, Stream stream, @Nullable String client) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    phase =
        new Phase.Admitted(
            principal,
            stream,
            new Subscriptions(stream, principal, dialect.limits().maxSubscriptions()),
            new Calls(
                edge, dialect.encoding().wireName(), principal, dialect.limits().softFrameBytes()));
    welcomed = true;
    assembly.allow(dialect.limits().softFrameBytes(), dialect.limits().hardFrameBytes());
    outlet.trust();
    liveness.admitted(System.nanoTime(), untilEnd(principal));
    wheel.arm(ticket, liveness.next());
    edge.meters().sessionOpened(dialect.encoding());
    log.connected(principal, client);
    conversation.admitted(principal);
    intake.resume();
  }

  private void refuse(Throwable failure) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    Fault fault = fault(failure);
    log.refused(fault);
    conversation.refused(fault);
    close(CloseReason.UNAUTHENTICATED, fault.message());
  }

  private Refreshed renew(Principal renewed) {
    Phase.Admitted now = admitted();
    Principal before = now.principal();
    if (!renewed.tenant().equals(before.tenant()) || !renewed.user().equals(before.user())) {
      throw Fault.of(Reason.OTHER_PRINCIPAL, "The credential is another user's.").asException();
    }
    phase = new Phase.Admitted(renewed, now.stream(), now.subscriptions(), now.calls());
    now.calls().reauthorise(renewed);
    liveness.renewed(System.nanoTime(), untilEnd(renewed));
    wheel.arm(ticket, liveness.next());
    return new Refreshed(renewed.expiresAt(), now.subscriptions().reauthorise(renewed));
  }

  private Duration untilEnd(Principal principal) {
    return Duration.between(edge.now(), principal.expiresAt());
  }

  // What time brings

  /// Called by the loop's wheel.
  ///
  /// @return when to call again
  private long beat(long now) {
    if (phase instanceof Phase.Closed(_, long until)) {
      if (now - until >= 0) {
        sender.abort();
      }
      return until;
    }
    for (Liveness.Due due = liveness.due(now);
        due != Liveness.Due.NOTHING && !(phase instanceof Phase.Closed);
        due = liveness.due(now)) {
      act(due);
    }
    return phase instanceof Phase.Closed(_, long until) ? until : liveness.next();
  }

  private void act(Liveness.Due due) {
    switch (due) {
      case NOTHING -> {}
      case ADMISSION_IS_LATE -> {
        conversation.refused(Fault.of(Reason.CONNECT_EXPECTED, "The first frame must be connect."));
        close(CloseReason.POLICY, "connect expected");
      }
      case TOKEN_ENDS_SOON -> conversation.notice(new Notice.TokenEnds(principal().expiresAt()));
      case TOKEN_IS_OVER -> {
        conversation.refused(Fault.of(Reason.TOKEN_EXPIRED, "The token has expired."));
        close(CloseReason.UNAUTHENTICATED, "token expired");
      }
      case SILENCE -> close(CloseReason.SILENT, "nothing heard");
      case IDLE -> {
        conversation.notice(new Notice.Idle());
        close(CloseReason.IDLE, "idle");
      }
      case PING -> sender.ping();
      case TICK -> tick();
    }
  }

  /// Who is still reading what was sent before learns nothing from a tick, and must not be closed
  /// for it: one large event alone may be above the limit.
  private void tick() {
    if (!sender.backedUp()) {
      conversation.tick();
    }
  }

  // How it ends

  /// True where it has its principal and was not told to go.
  boolean settled() {
    return phase instanceof Phase.Admitted && !leaving;
  }

  /// Tells the client to go on elsewhere, lets open requests finish, and closes.
  void leave(Notice.Drain notice) {
    if (leaving) {
      return;
    }
    leaving = true;
    String hint = "retryAfterMs=" + notice.retryAfterMs();
    if (phase instanceof Phase.Admitted admitted) {
      conversation.notice(notice);
      admitted.calls().drain(() -> close(CloseReason.RESTART, hint));
    } else {
      close(CloseReason.RESTART, hint);
    }
  }

  /// The socket is gone. Not to be called from inside a delivery.
  void closed() {
    String code = phase instanceof Phase.Closed(var ours, _) ? ours : PEER;
    phase = new Phase.Closed(code, System.nanoTime());
    wheel.cancel(ticket);
    if (joined != null) {
      edge.hub().leave(joined);
    }
    if (welcomed) {
      edge.meters().sessionClosed(dialect.encoding());
    }
    edge.meters().socketClosed(code);
    log.closed(code);
  }

  @Override
  public boolean wants(Post post) {
    return conversation.wants(post);
  }

  @Override
  public void missed(Gap gap) {
    conversation.missed(gap);
  }

  @Override
  public void tooWide(Set<TopicPattern> dropped) {
    conversation.faulty(
        new Fault(
            Reason.SUBSCRIPTION_LIMIT,
            "Patterns match at most "
                + edge.config().maxPatternMatches()
                + " topics; these are unsubscribed: "
                + dropped,
            "topics",
            null));
  }

  @Override
  public void tooSlow() {
    if (!(phase instanceof Phase.Closed)) {
      String read =
          phase instanceof Phase.Admitted admitted
              ? "read up to " + admitted.stream().position()
              : "";
      edge.meters().backpressured();
      sender.lastWords(() -> conversation.notice(new Notice.TooSlow()));
      close(CloseReason.SLOW, read);
    }
  }

  private void close(int code, String text) {
    if (enter(Integer.toString(code), ABORT_AFTER)) {
      sender.end(code, text);
    }
  }

  /// The closed phase, in which the peer has so much time to hang up.
  ///
  /// @return false where the session was in it before
  private boolean enter(String code, long time) {
    if (phase instanceof Phase.Closed) {
      return false;
    }
    phase = new Phase.Closed(code, System.nanoTime() + time);
    wheel.arm(ticket, System.nanoTime() + time);
    intake.stopListening();
    return true;
  }
}
