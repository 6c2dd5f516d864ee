package dev.flotilla.gateway.session;

import dev.flotilla.account.Revocation;
import dev.flotilla.gateway.auth.Credential;
import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Compressor;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Expander;
import dev.flotilla.identity.Principal;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/// The sessions of one event loop: the wheel that looks after all of them, and their drain.
public final class Sessions {
  private static final Duration SLOWEST_TICK = Duration.ofMillis(100);
  private static final Duration FOREVER = Duration.ofDays(1);

  private static final String NO_DELAY = "retryAfterMs=0";

  private final Engine engine;
  private final Edge edge;
  private final Set<Session> sessions = new HashSet<>();
  private final Set<Exodus> exoduses = new HashSet<>();
  private final Random random = new Random();
  private final long timer;
  private boolean draining;

  public Sessions(Edge edge) {
    this.edge = edge;
    Duration tick = tick(edge);
    Map<Encoding, Tally> tallies = new EnumMap<>(Encoding.class);
    for (Encoding encoding : Encoding.values()) {
      tallies.put(encoding, edge.meters().tally(encoding));
    }
    this.engine =
        new Engine(
            edge,
            new Flusher(
                edge.loop(),
                tallies.values(),
                edge.config().maxQueuedBytes(),
                edge.config().sendTimeout()),
            new Wheel(tick, System.nanoTime()),
            tallies,
            new Compressor(edge.config().compressionThreshold()),
            new Expander());
    this.timer =
        edge.vertx().setPeriodic(tick.toMillis(), _ -> engine.wheel().turn(System.nanoTime()));
  }

  /// Whose credential it is, for who has to know before a session begins. Fails with faults only.
  public Future<Principal> check(Voice voice, Credential credential) {
    return Door.check(edge, voice, credential);
  }

  /// Call it in the turn in which the socket was accepted, or its first frame is lost.
  public void open(Dialect dialect, ServerWebSocket socket, Arrival arrival) {
    Session session =
        new Session(
            engine,
            dialect,
            arrival,
            own -> new SocketTransport(engine, dialect, socket, arrival.compression(), own));
    socket.closeHandler(_ -> left(session));
    open(dialect, session, arrival);
  }

  /// The session writes to the response as soon as its conversation has written the head, and ends
  /// with its connection.
  public void open(Voice voice, HttpServerRequest request, Arrival arrival) {
    Session session =
        new Session(engine, voice, arrival, own -> new StreamTransport(engine, request, own));
    request.connection().closeHandler(_ -> left(session));
    open(voice, session, arrival);
  }

  private void open(Voice voice, Session session, Arrival arrival) {
    edge.meters().socketOpened(voice.encoding());
    sessions.add(session);
    session.open(arrival);
    if (draining) {
      // It was on its way in when the doors were closed.
      session.close(CloseReason.RESTART, NO_DELAY);
    }
  }

  /// In a turn of its own: the connection may close in the middle of a delivery.
  private void left(Session session) {
    edge.loop().runOnContext(_ -> gone(session));
  }

  /// Sends everybody elsewhere, and lets nobody in any more.
  ///
  /// @param window the time for all rounds together
  /// @return completes when the last socket is closed
  public Future<Void> drain(Destinations destinations, Duration window) {
    draining = true;
    return exodus("restart", true, sessions.size(), destinations, window);
  }

  /// Sends some elsewhere, as far as there are destinations.
  ///
  /// @param size how many of this loop are expected to go
  /// @return completes when the last of them is closed
  public Future<Void> rebalance(Destinations destinations, int size) {
    return exodus("rebalance", false, size, destinations, FOREVER);
  }

  /// Ends the sessions of those whose credentials were revoked.
  public void revoke(List<Revocation> revoked) {
    List.copyOf(sessions).forEach(session -> session.revoke(revoked));
  }

  /// True where nobody is let in any more.
  public boolean draining() {
    return draining;
  }

  private Future<Void> exodus(
      String reason, boolean everybody, int size, Destinations destinations, Duration window) {
    List<Session> order = new ArrayList<>(sessions);
    Collections.shuffle(order, random);
    Exodus exodus = new Exodus(edge, reason, everybody, order, size, destinations, window);
    exoduses.add(exodus);
    return exodus.begin().onComplete(_ -> exoduses.remove(exodus));
  }

  /// Ends the timer. Sockets are cut when their server closes.
  public void stop() {
    edge.vertx().cancelTimer(timer);
    engine.stop();
  }

  private void gone(Session session) {
    if (sessions.remove(session)) {
      session.closed();
      List.copyOf(exoduses).forEach(exodus -> exodus.gone(session));
    }
  }

  /// Often enough that no deadline is missed by much.
  private static Duration tick(Edge edge) {
    long ms =
        Stream.of(
                SLOWEST_TICK,
                edge.config().connectTimeout().dividedBy(4),
                edge.config().pingInterval().dividedBy(4),
                edge.config().tickInterval().dividedBy(4))
            .mapToLong(Duration::toMillis)
            .min()
            .orElseThrow();
    return Duration.ofMillis(Math.max(ms, 5));
  }
}
