package dev.flotilla.registry.link.openclaw;

import dev.flotilla.dispatch.RunState;
import dev.flotilla.registry.link.LinkListener;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows runs whose end nobody will tell, by reading their sessions' records: again and again,
/// and at once when an event says that something has settled.
final class Follower {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final Duration UNCLEAR_LIMIT = Duration.ofSeconds(15);
  private static final long FIRST_PAUSE_MS = 1_000;
  private static final long PAUSE_STEP_MS = 250;
  private static final long LONGEST_PAUSE_MS = 5_000;

  /// What becomes of a run once its records are clear.
  interface Home {
    /// The instance has never seen the run.
    void start(Run run, Connection up);

    void end(Run run, RunState state);

    /// The instance works on the run.
    void going(Run run, Finding.Going going);
  }

  private final Vertx vertx;
  private final Clock clock;
  private final LinkListener listener;
  private final Home home;
  private @Nullable Connection connection;

  Follower(Vertx vertx, Clock clock, LinkListener listener, Home home) {
    this.vertx = vertx;
    this.clock = clock;
    this.listener = listener;
    this.home = home;
  }

  void connected(Connection up) {
    connection = up;
  }

  void disconnected() {
    connection = null;
  }

  /// From now on the session's records tell how the run is.
  void follow(Run run) {
    run.enter(Run.Phase.FOLLOWED);
    run.polls = 0;
    // An instance that has just come back gets the whole time again to resume the run itself.
    run.clear();
    if (run.heard() == null) {
      listener.adopted(run.order());
    }
    look(run);
  }

  void look(Run run) {
    Connection up = connection;
    if (up == null || run.phase() != Run.Phase.FOLLOWED || !run.claimReading()) {
      return;
    }
    rest(run);
    subscribe(run, up)
        .compose(_ -> new SessionReader(up).find(run.sessionKey(), run.order().runId()))
        .onComplete(
            found -> {
              run.readDone();
              if (up == connection && run.phase() == Run.Phase.FOLLOWED) {
                conclude(run, up, found);
              }
            });
  }

  /// Listens to the session, once on each connection; also tells the session's name there.
  static Future<Void> subscribe(Run run, Connection up) {
    return run.heardOn(up)
        ? Future.succeededFuture()
        : new SessionReader(up)
            .subscribe(run.order().sessionKey())
            .onSuccess(key -> run.hearOn(up, key))
            .mapEmpty();
  }

  private void conclude(Run run, Connection up, AsyncResult<Finding> found) {
    if (found.failed()) {
      LOG.info("run {}: {}", run.order().runId(), found.cause().getMessage());
      lookLater(run);
      return;
    }
    RunState heard = run.heard();
    switch (found.result()) {
      case Finding.Over over -> home.end(run, heard == null ? over.state() : prefer(heard, over));
      case Finding.Absent _ when heard != null -> home.end(run, heard);
      case Finding.Absent _ -> home.start(run, up);
      case Finding.Going going -> stillGoing(run, up, going);
      case Finding.Unclear unclear -> waitForClarity(run, unclear);
      case Finding.Listed listed -> stopListed(run, up, listed);
    }
  }

  /// What the instance told is fuller than what it wrote down, unless that is an answer after all.
  private static RunState prefer(RunState heard, Finding.Over over) {
    return over.state() instanceof RunState.Succeeded ? over.state() : heard;
  }

  private void stillGoing(Run run, Connection up, Finding.Going going) {
    run.clear();
    run.runsAs(going.runId());
    home.going(run, going);
    if (run.cancelled()) {
      new Stopper(up).stop(run.sessionKey(), run.currentId());
    }
    lookLater(run);
  }

  private void waitForClarity(Run run, Finding.Unclear unclear) {
    if (waitedLong(run)) {
      RunState heard = run.heard();
      home.end(run, heard == null ? Outcomes.failed(Outcomes.INTERRUPTED, unclear.why()) : heard);
    } else {
      lookLater(run);
    }
  }

  /// A run that may still do work is not over, or another attempt could do the same work beside
  /// it: it is stopped, until the ledger says that it has ended or the instance told so before.
  private void stopListed(Run run, Connection up, Finding.Listed listed) {
    boolean enough = waitedLong(run);
    if (run.cancelled() || enough) {
      LOG.info("stopping run {}: {}", run.order().runId(), listed.why());
      new Stopper(up).stop(run.sessionKey(), run.currentId());
    }
    RunState heard = run.heard();
    if (enough && heard != null) {
      home.end(run, heard);
    } else {
      lookLater(run);
    }
  }

  private boolean waitedLong(Run run) {
    Instant now = clock.instant();
    return run.unclear(now).plus(UNCLEAR_LIMIT).isBefore(now);
  }

  void lookLater(Run run) {
    long pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS + PAUSE_STEP_MS * run.polls++);
    rest(run);
    run.timer = vertx.setTimer(pause, _ -> look(run));
  }

  /// Forgets that the run was to be looked at later.
  void rest(Run run) {
    vertx.cancelTimer(run.timer);
  }
}
