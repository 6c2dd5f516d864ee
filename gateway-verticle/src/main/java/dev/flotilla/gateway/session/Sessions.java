package dev.flotilla.gateway.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sessions of one event loop: the one timer that looks after all of them, and their drain.
public final class Sessions {
  private static final Duration SLOWEST_BEAT = Duration.ofMillis(250);
  private static final int ROUNDS = 20;
  private static final int SMALLEST_ROUND = 5;
  private static final int MAX_RETRY_MS = 2_000;

  private final Edge edge;
  private final Set<Session> sessions = new HashSet<>();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final long timer;
  private @Nullable Promise<Void> empty;

  public Sessions(Edge edge) {
    this.edge = edge;
    this.timer = edge.vertx().setPeriodic(beatMs(edge), _ -> beat());
  }

  /// Call it in the turn in which the socket was accepted, or its first frame is lost.
  public void open(ServerWebSocket socket, @Nullable String headerToken) {
    edge.meters().socketOpened();
    Session session = new Session(edge, socket, headerToken);
    sessions.add(session);
    // In a turn of its own: the socket may close in the middle of a delivery.
    socket.closeHandler(_ -> edge.loop().runOnContext(_ -> gone(session)));
    session.open();
  }

  public int count() {
    return sessions.size();
  }

  /// Sends everybody away in rounds, so that other nodes get them one after the other.
  ///
  /// @param window the time for all rounds together
  /// @return completes when the last socket is closed
  public Future<Void> drain(Duration window) {
    Promise<Void> done = Promise.promise();
    empty = done;
    List<Session> waiting = new ArrayList<>(sessions);
    Collections.shuffle(waiting, Random.from(random));
    int perRound = Math.max(SMALLEST_ROUND, waiting.size() / ROUNDS + 1);
    drainRound(waiting, perRound, Math.max(1, window.toMillis() / ROUNDS));
    checkEmpty();
    return done.future();
  }

  /// Ends the timer. Sockets are cut when their server closes.
  public void stop() {
    edge.vertx().cancelTimer(timer);
  }

  private void drainRound(List<Session> waiting, int size, long pauseMs) {
    List<Session> round = waiting.subList(0, Math.min(size, waiting.size()));
    round.forEach(session -> session.drain(random.nextLong(MAX_RETRY_MS)));
    List<Session> rest = waiting.subList(round.size(), waiting.size());
    if (!rest.isEmpty()) {
      edge.vertx().setTimer(pauseMs, _ -> drainRound(rest, size, pauseMs));
    }
  }

  private void gone(Session session) {
    if (sessions.remove(session)) {
      session.closed();
      checkEmpty();
    }
  }

  private void checkEmpty() {
    if (sessions.isEmpty() && empty != null) {
      empty.tryComplete();
    }
  }

  private void beat() {
    long now = System.nanoTime();
    sessions.forEach(session -> session.beat(now));
  }

  /// Often enough that no deadline is missed by much.
  private static long beatMs(Edge edge) {
    return Stream.of(
            SLOWEST_BEAT,
            edge.config().connectTimeout().dividedBy(4),
            edge.config().pingInterval().dividedBy(4),
            edge.config().tickInterval().dividedBy(4))
        .mapToLong(Duration::toMillis)
        .map(ms -> Math.max(ms, 5))
        .min()
        .orElseThrow();
  }
}
