package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.session.Destinations.Destination;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/// Some sessions of one event loop on their way elsewhere: told in rounds, so that the other nodes
/// get them one after the other, and each with a delay of its own, so that not all of a round come
/// at once.
final class Exodus {
  private static final int SMALLEST_ROUND = 5;

  private final Edge edge;
  private final String reason;
  private final Destinations destinations;
  private final boolean everybody;
  private final SequencedSet<Session> waiting;
  private final Set<Session> leaving = new HashSet<>();
  private final int perRound;
  private final Duration pause;
  private final Promise<Void> done = Promise.promise();
  private final RandomGenerator random = RandomGenerator.getDefault();

  /// @param everybody false where only who is settled goes, and stays if there is no place for it
  /// @param sessions in the order in which they go
  /// @param size how many of them are expected to go
  /// @param window in which all rounds are over
  Exodus(
      Edge edge,
      String reason,
      boolean everybody,
      List<Session> sessions,
      int size,
      Destinations destinations,
      Duration window) {
    FleetConfig.Gateway config = edge.config();
    this.edge = edge;
    this.reason = reason;
    this.everybody = everybody;
    this.destinations = destinations;
    this.waiting = new LinkedHashSet<>(sessions);
    this.perRound = Math.max(SMALLEST_ROUND, Math.ceilDiv(size, config.moveRounds()));
    Duration longest = window.dividedBy(config.moveRounds());
    this.pause = config.movePause().compareTo(longest) < 0 ? config.movePause() : longest;
  }

  /// Completes when everybody who was told to go is gone.
  Future<Void> begin() {
    round();
    return done.future();
  }

  /// The session is closed.
  void gone(Session session) {
    waiting.remove(session);
    leaving.remove(session);
    checkDone();
  }

  private void round() {
    for (int told = 0; told < perRound && !waiting.isEmpty(); ) {
      Session session = waiting.removeFirst();
      if (everybody || session.settled()) {
        Destination to = destinations.next().orElse(null);
        if (to == null) {
          waiting.clear();
        } else {
          told++;
          leaving.add(session);
          session.leave(new Notice.Drain(reason, delay(), to.node()));
        }
      }
    }
    if (!waiting.isEmpty()) {
      edge.vertx().setTimer(Math.max(1, pause.toMillis()), _ -> round());
    }
    checkDone();
  }

  private long delay() {
    return random.nextLong(edge.config().moveSpread().toMillis());
  }

  private void checkDone() {
    if (waiting.isEmpty() && leaving.isEmpty()) {
      done.tryComplete();
    }
  }
}
