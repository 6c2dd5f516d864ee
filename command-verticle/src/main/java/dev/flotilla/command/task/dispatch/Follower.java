package dev.flotilla.command.task.dispatch;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.Fibers;
import dev.flotilla.command.instance.InstanceStore;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.NodeId;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.telemetry.Tracing;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows one run from its order to its end: orders it, asks after it by repeating the order,
/// finds its owner again when that has changed, cancels it when that is wanted, and writes down the
/// end.
///
/// Only a certain end lets another run start: failed, aborted, refused, or the instance gone from
/// the fleet. Until then a run is assumed to go on, even past its time: it is stopped and asked
/// after, and in the end its outcome is declared unknown rather than its prompt run twice.
///
/// @param patience how long the instance may be out of reach before its run is given up
/// @param lease how long a lease lasts, and an instance may take to end a run whose time is up
record Follower(
    NodeId node,
    Bus bus,
    Transactions transactions,
    InstanceStore instances,
    Endings endings,
    Holdings holdings,
    Fibers fibers,
    Duration interval,
    Duration lease,
    Duration patience,
    Clock clock,
    Tracing tracing) {
  private static final Logger LOG = LoggerFactory.getLogger(Follower.class);
  private static final RunState NOT_STORABLE =
      new RunState.Failed(
          "RESULT_NOT_STORABLE", "The run ended, but its result could not be stored.", false);
  private static final Duration ASK_LIMIT = Duration.ofSeconds(3);
  private static final Duration RETRY = Duration.ofMillis(500);

  /// How often an instance that answers may leave a cancelled run without an end.
  private static final int CANCEL_TRIES = 10;

  /// How long after its timeout a run may stay without a certain end.
  private static final Duration LOST = Duration.ofHours(6);

  /// @return the task after the end; nothing where the lease was lost or given up before
  Optional<TaskRow> follow(Run run) {
    TaskRow task = run.task();
    if (task.attempt() == 1) {
      tracing.tell("task wait", task.trace(), task.createdAt(), clock.instant());
    }
    Tracing.Span span =
        tracing
            .begin("task run", task.trace())
            .tag("flotilla.task", task.id())
            .tag("flotilla.attempt", task.attempt())
            .tag("flotilla.instance", run.instance());
    run.traced(span.traceparent());
    String state = "broken off";
    try {
      Optional<TaskRow> after = untilEnd(run);
      state = after.map(row -> row.state().wireName()).orElse("given up");
      return after;
    } finally {
      span.tag("flotilla.state", state).end(state.equals("succeeded") ? null : state);
    }
  }

  private Optional<TaskRow> untilEnd(Run run) {
    int cancelTries = 0;
    while (held(run)) {
      RunState told = run.takeTold();
      boolean stopping = run.cancelRequested() || run.timeUp();
      RunState state = told != null ? told : stopping ? cancel(run) : order(run);
      if (ended(state)) {
        return write(run, inTime(run, state));
      }
      boolean going = state instanceof RunState.Going;
      run.seen(going);
      if (going && run.cancelRequested() && ++cancelTries >= CANCEL_TRIES) {
        return write(run, new RunState.Aborted("The instance did not confirm the end."));
      }
      if (run.outOfReach(patience)) {
        // Should the instance come back, its link's owner stops the run there.
        cancel(run);
        return write(run, givenUp(run));
      }
      if (run.lost(LOST)) {
        return write(run, unknown(run));
      }
      if (run.overdue(clock.instant(), lease)) {
        run.stopForTime();
      }
      boolean calm = going && !run.cancelRequested();
      pause(run, calm ? interval : shorter());
    }
    return Optional.empty();
  }

  /// Renews a lease that has run out before anything is done under it. While PostgreSQL is away,
  /// the run is asked after all the same.
  private boolean held(Run run) {
    if (!run.dropped() && run.leaseOver(lease)) {
      try {
        holdings.renew(List.of(run));
      } catch (Throwable failure) {
        Fault fault = StoreFaults.of(failure);
        if (fault == null) {
          throw failure;
        }
        LOG.debug("{} may not be ours any more: {}", run.runId(), fault.message());
      }
    }
    return !run.dropped();
  }

  private void pause(Run run, Duration limit) {
    fibers.pause(limit, run.bell());
    run.hush();
  }

  private Duration shorter() {
    return interval.compareTo(RETRY) < 0 ? interval : RETRY;
  }

  private static boolean ended(RunState state) {
    return switch (state) {
      case RunState.Going _, RunState.Unreachable _ -> false;
      case RunState.Refused _, RunState.Succeeded _, RunState.Failed _, RunState.Aborted _ -> true;
    };
  }

  private RunState order(Run run) {
    return atOwner(
        run,
        owner -> {
          var order = run.order(node, lease);
          run.ordered();
          return bus.ask(Addresses.run(owner), order, ASK_LIMIT).await();
        });
  }

  private RunState cancel(Run run) {
    return atOwner(run, owner -> bus.ask(Addresses.cancel(owner), run.cancel(), ASK_LIMIT).await());
  }

  /// A run that we have stopped for its time did not end for a reason of its own.
  private static RunState inTime(Run run, RunState state) {
    return run.timeUp() && state instanceof RunState.Aborted
        ? new RunState.Failed(
            "TIMEOUT", "The run took longer than " + run.task().timeoutMs() + " ms.", true)
        : state;
  }

  private static RunState unknown(Run run) {
    return new RunState.Failed(
        "OUTCOME_UNKNOWN",
        "Nothing certain was heard from %s about the end of the run. It may have ended or go on."
            .formatted(run.instance()),
        false);
  }

  private RunState givenUp(Run run) {
    return new RunState.Failed(
        "INSTANCE_LOST",
        "%s was out of reach for %d s.".formatted(run.instance(), patience.toSeconds()),
        true);
  }

  private interface AtOwner {
    RunState ask(NodeId owner);
  }

  private RunState atOwner(Run run, AtOwner question) {
    try {
      NodeId owner = run.owner();
      if (owner == null) {
        Optional<NodeId> found = locate(run);
        if (found.isEmpty()) {
          return gone(run);
        }
        owner = found.get();
        run.ownedBy(owner);
      }
      RunState state = question.ask(owner);
      // A link that has just moved says something of its owner's node, nothing of the instance.
      run.reached(!(state instanceof RunState.Unreachable(String _, boolean untried)) || untried);
      if (state instanceof RunState.Unreachable) {
        run.ownedBy(null);
      }
      return state;
    } catch (FaultException unreachable) {
      // That says something of the owner's node, nothing of the instance.
      run.reached(true);
      run.ownedBy(null);
      return new RunState.Unreachable(unreachable.fault().message());
    }
  }

  /// The node that has the instance's link now.
  private Optional<NodeId> locate(Run run) {
    TaskRow task = run.task();
    RouteAsk ask = new RouteAsk(task.tenant(), task.session(), task.capabilities(), run.instance());
    return bus.ask(Addresses.ROUTE, ask, ASK_LIMIT).await().owner(run.instance());
  }

  /// No registry node knows the instance. It may know less than PostgreSQL does.
  private RunState gone(Run run) {
    try {
      return instances.exists(transactions.direct(), run.instance())
          ? new RunState.Unreachable("No node has the link to " + run.instance() + " yet.")
          : new RunState.Failed(
              "INSTANCE_REMOVED", "The instance " + run.instance() + " left the fleet.", true);
    } catch (Throwable failure) {
      Fault fault = StoreFaults.of(failure);
      if (fault == null) {
        throw failure;
      }
      return new RunState.Unreachable(fault.message());
    }
  }

  /// An end that the store will never take would keep its task running for ever.
  private static RunState notStorable(Run run, RunState end, Throwable failure) {
    if (end.equals(NOT_STORABLE)) {
      throw new IllegalStateException("Not even that the end cannot be stored.", failure);
    }
    LOG.atError()
        .addKeyValue(LogKeys.TASK, run.task().id())
        .addKeyValue(LogKeys.TENANT, run.task().tenant())
        .setCause(failure)
        .log("the end of a run cannot be recorded");
    return NOT_STORABLE;
  }

  /// Until it is written down, or the lease is somebody else's.
  private Optional<TaskRow> write(Run run, RunState state) {
    run.end();
    RunState end = state;
    while (!run.dropped()) {
      try {
        return endings.write(run.lease(), end);
      } catch (Throwable failure) {
        Fault fault = StoreFaults.of(failure);
        if (fault == null) {
          end = notStorable(run, end, failure);
          continue;
        }
        LOG.atWarn()
            .addKeyValue(LogKeys.TASK, run.task().id())
            .addKeyValue(LogKeys.TENANT, run.task().tenant())
            .log("the end of a run could not be recorded yet: {}", fault.message());
        pause(run, RETRY);
      }
    }
    return Optional.empty();
  }
}
