package dev.flotilla.gateway.session;

import dev.flotilla.gateway.meter.Tally;
import dev.flotilla.gateway.wire.Compressor;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.gateway.wire.Expander;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The sessions of one event loop: the wheel that looks after all of them, and their drain.
public final class Sessions {
  private static final Duration SLOWEST_TICK = Duration.ofMillis(100);
  private static final int ROUNDS = 20;
  private static final int SMALLEST_ROUND = 5;
  private static final int MAX_RETRY_MS = 2_000;

  private final Engine engine;
  private final Edge edge;
  private final Set<Session> sessions = new HashSet<>();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final long timer;
  private @Nullable Promise<Void> empty;

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
            new Flusher(edge.loop(), edge.config().maxQueuedBytes(), edge.config().sendTimeout()),
            new Wheel(tick, System.nanoTime()),
            tallies,
            new Compressor(edge.config().compressionThreshold()),
            new Expander());
    this.timer =
        edge.vertx().setPeriodic(tick.toMillis(), _ -> engine.wheel().turn(System.nanoTime()));
  }

  /// Call it in the turn in which the socket was accepted, or its first frame is lost.
  public void open(Dialect dialect, ServerWebSocket socket, Arrival arrival) {
    edge.meters().socketOpened(dialect.encoding());
    Session session = new Session(engine, dialect, socket, arrival);
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
    engine.stop();
  }

  private void drainRound(List<Session> waiting, int size, long pauseMs) {
    List<Session> round = waiting.subList(0, Math.min(size, waiting.size()));
    round.forEach(session -> session.drain(notice()));
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

  private Notice.Drain notice() {
    return new Notice.Drain("restart", random.nextLong(MAX_RETRY_MS), null);
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
