package dev.flotilla.gateway.session;

import dev.flotilla.account.Revocation;
import dev.flotilla.contract.TopicPattern;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Gap;
import dev.flotilla.gateway.feed.Post;
import dev.flotilla.gateway.hub.Stream;
import dev.flotilla.gateway.limit.Limiter;
import dev.flotilla.gateway.meter.Backpressure;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.wire.Encoded;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One client's session, from the first byte to the last, whatever it speaks and whatever carries
/// it. Confined to its event loop: no locks, no awaiting. It knows who the client is and how the
/// connection is; what is said it leaves to the conversation.
final class Session implements Line, Intake.Listener, Sender.Listener {
  private static final long PATIENCE_MS = 2_000;
  private static final long ABORT_AFTER = Duration.ofSeconds(10).toNanos();
  private static final long HANG_UP_AFTER = Duration.ofSeconds(1).toNanos();

  private static final Phase STRANGE = new Phase.Strange();
  private static final Phase CHECKING = new Phase.Checking();

  private final Edge edge;
  private final Voice voice;
  private final Door door;
  private final Tally tally;
  private final String id;
  private final SessionLog log;
  private final Transport transport;
  private final Sender sender;
  private final Liveness liveness;
  private final Limiter limiter;
  private final Strikes malformed;
  private final Strikes dropped;
  private final Wheel wheel;
  private final Wheel.Ticket ticket;
  private final Conversation conversation;
  private final Heartbeat heartbeat;
  private Phase phase = STRANGE;
  private @Nullable Stream joined;
  private @Nullable Principal who;
  private @Nullable Subscriptions welcomed;
  private boolean leaving;

  Session(Engine engine, Voice voice, Arrival arrival, Function<Session, Transport> carriedBy) {
    this.edge = engine.edge();
    this.voice = voice;
    this.door = new Door(edge, voice, arrival);
    this.tally = engine.tally(voice.encoding());
    this.id = Ids.next(edge.clock());
    this.log = new SessionLog(id, voice.encoding());
    this.transport = carriedBy.apply(this);
    this.sender =
        new Sender(
            voice,
            transport,
            tally,
            this,
            edge.config().maxQueuedBytes(),
            edge.config().maxQueuedFrames());
    long now = System.nanoTime();
    this.liveness = new Liveness(edge.config(), voice.limits(), voice.pings(), now);
    this.limiter = new Limiter(voice.limits(), edge.quotas(), now);
    this.malformed = new Strikes(voice.limits().maxMalformed(), now);
    this.dropped = new Strikes(voice.limits().maxDropped(), now);
    this.wheel = engine.wheel();
    this.ticket = wheel.ticket(this::beat);
    this.conversation = voice.converse(this);
    this.heartbeat = new Heartbeat(this, transport, conversation, liveness);
  }

  void open(Arrival from) {
    transport.begin();
    wheel.arm(ticket, liveness.next());
    if (from.forbidden()) {
      close(CloseReason.FORBIDDEN, "origin not allowed");
      return;
    }
    conversation.opened();
    Principal known = from.principal();
    if (known != null) {
      phase = CHECKING;
      transport.pause();
      join(known, null);
    } else if (voice.admission() == Voice.Admission.AFTER_UPGRADE) {
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
    long now = System.nanoTime();
    tally.received(message.size());
    liveness.active(now);
    if (phase instanceof Phase.Closed) {
      return;
    }
    try {
      Fault limited = limiter.take(now);
      if (limited == null) {
        conversation.received(message);
      } else {
        drop(message, limited, now);
      }
    } catch (RuntimeException failure) {
      // A bug of ours ends no session, but who finds such a message may not send it for ever.
      malformed();
      conversation.faulty(fault(failure));
    }
  }

  private void drop(Message message, Fault limited, long now) {
    tally.limited();
    conversation.limited(message, limited, limiter.mayNotify(now));
    if (dropped.add(now)) {
      close(CloseReason.ABUSE, "too many messages above the rate limit");
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
    close(reason, reason.phrase());
  }

  @Override
  public void pinged(byte[] payload) {
    sender.pong(payload);
  }

  @Override
  public void violated(int code) {
    if (enter(Integer.toString(code), HANG_UP_AFTER)) {
      CloseReason reason =
          code == CloseReason.TOO_BIG.code() ? CloseReason.TOO_BIG : CloseReason.PROTOCOL;
      sender.fail(code, reason.phrase());
    }
  }

  @Override
  public void left() {
    if (enter(GatewayMeters.PEER, ABORT_AFTER)) {
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
  public void send(Encoded message) {
    sender.send(message);
  }

  @Override
  public void deliver(Post post) {
    sender.deliver(post);
  }

  @Override
  public void answered() {
    liveness.answered(System.nanoTime());
  }

  @Override
  public boolean backedUp() {
    return sender.backedUp();
  }

  @Override
  public void refuse(Encoded message, Refusal refusal) {
    Reason reason = refusal.fault().reason();
    if (phase instanceof Phase.Admitted) {
      edge.meters().refused(Via.WS, reason);
    } else {
      edge.meters().refused(reason);
    }
    log.refused(refusal);
    if (sender.send(message)) {
      tally.error();
    }
  }

  @Override
  public void admit(@Nullable String token, @Nullable String client) {
    phase = CHECKING;
    transport.pause();
    door.admit(token).onComplete(principal -> join(principal, client), this::refuse);
  }

  @Override
  public Future<Refreshed> refresh(@Nullable String token) {
    return door.refresh(token).map(this::renew);
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
    if (malformed.add(System.nanoTime())) {
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
    Fault objection = edge.authenticator().objection(principal);
    if (objection != null) { // Revoked while it was on its way in.
      refuse(objection.asException());
      return;
    }
    Subscriptions subscriptions = new Subscriptions(stream, principal, voice.maxTopics(), tally);
    phase =
        new Phase.Admitted(
            principal,
            stream,
            subscriptions,
            new Calls(
                edge, voice.encoding().wireName(), principal, voice.limits().softFrameBytes()));
    who = principal;
    door.shut();
    limiter.authenticated(principal.tenant(), principal.user());
    edge.presence().arrived(principal.tenant(), principal.user());
    welcomed = subscriptions;
    transport.trust();
    liveness.admitted(System.nanoTime(), untilEnd(principal));
    wheel.arm(ticket, liveness.next());
    edge.meters().sessionOpened(voice.encoding());
    log.connected(principal, client);
    conversation.admitted(principal);
    transport.resume();
  }

  private void refuse(Throwable failure) {
    if (!(phase instanceof Phase.Checking)) {
      return;
    }
    Fault fault = fault(failure);
    log.refused(fault);
    conversation.refused(fault);
    close(CloseReason.ofRefusal(fault), fault.message());
  }

  private Refreshed renew(Principal renewed) {
    Phase.Admitted now = admitted();
    Principal before = now.principal();
    Fault objection = edge.authenticator().objection(renewed);
    if (objection != null) {
      throw objection.asException();
    }
    if (!renewed.tenant().equals(before.tenant()) || !renewed.user().equals(before.user())) {
      throw Fault.of(Reason.OTHER_PRINCIPAL, "The credential is another user's.").asException();
    }
    phase = new Phase.Admitted(renewed, now.stream(), now.subscriptions(), now.calls());
    now.calls().reauthorise(renewed);
    liveness.renewed(System.nanoTime(), untilEnd(renewed));
    wheel.arm(ticket, liveness.next());
    return new Refreshed(renewed.expiresAt(), now.subscriptions().reauthorise(renewed));
  }

  /// Ends the session where that was taken back which let it in.
  void revoke(List<Revocation> revoked) {
    if (phase instanceof Phase.Admitted admitted) {
      revoked.stream()
          .filter(each -> each.refuses(admitted.principal()))
          .findFirst()
          .map(Revocation::fault)
          .ifPresent(
              fault -> {
                conversation.refused(fault);
                close(CloseReason.ofRefusal(fault), fault.message());
              });
    }
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
      try {
        heartbeat.act(due);
      } catch (RuntimeException bug) {
        broken(bug);
      }
    }
    return phase instanceof Phase.Closed(_, long until) ? until : liveness.next();
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
    String code = phase instanceof Phase.Closed(var ours, _) ? ours : GatewayMeters.PEER;
    phase = new Phase.Closed(code, System.nanoTime());
    door.shut();
    wheel.cancel(ticket);
    if (joined != null) {
      edge.hub().leave(joined);
    }
    limiter.close();
    if (welcomed != null && who != null) {
      edge.presence().left(who.tenant(), who.user());
      welcomed.end();
      edge.meters().sessionClosed(voice.encoding());
    }
    edge.meters().socketClosed(code, CloseReason.nameOf(code));
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
    subscriptions().changed();
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
  public void broken(RuntimeException bug) {
    close(CloseReason.INTERNAL, fault(bug).message());
  }

  @Override
  public void tooSlow(@Nullable Post unsent) {
    tooSlow(Backpressure.QUEUE, unsent);
  }

  /// The peer has taken nothing of several sends in a row.
  void stuck() {
    tooSlow(Backpressure.SENDS, null);
  }

  private void tooSlow(Backpressure cause, @Nullable Post unsent) {
    if (!(phase instanceof Phase.Closed)) {
      String read =
          phase instanceof Phase.Admitted admitted
              ? "read up to " + admitted.stream().position()
              : "";
      edge.meters().backpressured(cause);
      log.tooSlow(
          cause,
          transport.queue().messages(),
          transport.queue().bytes(),
          unsent,
          welcomed == null ? List.of() : welcomed.names());
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
    transport.stopListening();
    return true;
  }
}
