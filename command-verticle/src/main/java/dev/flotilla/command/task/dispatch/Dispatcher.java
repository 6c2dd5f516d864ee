package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.Fibers;
import dev.flotilla.command.Together;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.dispatch.Claims.Claimed;
import dev.flotilla.command.task.dispatch.Placement.Found;
import dev.flotilla.command.task.dispatch.Placement.Seeking;
import dev.flotilla.command.task.queue.Reconciler;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Next;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.contract.TaskState;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.store.StoreFaults;
import dev.flotilla.telemetry.LogKeys;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes tasks from the queue while this node has room, places them, and has their runs followed.
///
/// Tasks are placed one after another, in the order in which they were taken, so that a slot that
/// is free goes to the first of them. Claims and runs go on side by side.
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  // More would have two nodes wait for each other's tasks of the same line.
  private static final int MAX_BATCH = 16;

  // Claims commit in groups: more at a time are larger groups, not more connections.
  private static final int MAX_CLAIMING = 256;

  // Lines without a place are woken by what may have made one; this is for what rings no bell.
  private static final Duration PARKED = Duration.ofMillis(500);
  private static final Duration STEP_ASIDE = Duration.ofMillis(2);

  private final NodeId node;
  private final int maxRunning;
  private final Duration lease;
  private final TaskQueue queue;
  private final Reconciler reconciler;
  private final Transactions transactions;
  private final LeaseStore leases;
  private final Placement placement;
  private final Claims claims;
  private final SessionHomes homes;
  private final Holdings holdings;
  private final Follower follower;
  private final Fibers fibers;
  private final Together<TaskId, Integer> finished;
  private boolean taking = true;
  private boolean pumping;
  private boolean again;
  private boolean away;
  private int claiming;
  private int batch = 1;

  Dispatcher(
      NodeId node,
      int maxRunning,
      Duration lease,
      TaskQueue queue,
      Reconciler reconciler,
      Transactions transactions,
      LeaseStore leases,
      Placement placement,
      Claims claims,
      SessionHomes homes,
      Holdings holdings,
      Follower follower,
      Fibers fibers) {
    this.node = node;
    this.maxRunning = maxRunning;
    this.lease = lease;
    this.queue = queue;
    this.reconciler = reconciler;
    this.transactions = transactions;
    this.leases = leases;
    this.placement = placement;
    this.claims = claims;
    this.homes = homes;
    this.holdings = holdings;
    this.follower = follower;
    this.fibers = fibers;
    this.finished = new Together<>(fibers, "finish tasks", MAX_BATCH, 1, this::finish);
  }

  /// The queue may have work.
  void poke() {
    if (!taking || pumping) {
      again = true;
      return;
    }
    pumping = true;
    fibers.fire("dispatch", this::pump);
  }

  /// Takes nothing any more.
  void stop() {
    taking = false;
  }

  private void pump() {
    try {
      do {
        again = false;
        while (taking && takeSome()) {
          // There may be more.
        }
      } while (taking && again);
      if (away) {
        away = false;
        LOG.info("the queue is back");
      }
    } catch (Throwable failure) {
      pause(failure);
    } finally {
      pumping = false;
    }
  }

  /// A store is away. The next poll tries again, and what was missed meanwhile is looked for then.
  private void pause(Throwable failure) {
    Fault fault = StoreFaults.of(failure);
    if (fault == null) {
      LOG.error("dispatching failed", failure);
    } else if (!away) {
      away = true;
      LOG.warn("dispatching pauses: {}", fault.message());
    }
    reconciler.want();
  }

  private boolean takeSome() {
    int free = Math.min(maxRunning - holdings.size(), MAX_CLAIMING) - claiming;
    int room = Math.min(batch, free);
    if (room <= 0) {
      return false;
    }
    reconciler.runIfWanted();
    Optional<List<TaskId>> taken = queue.take(node, lease, room);
    if (taken.isEmpty()) {
      LOG.warn("Redis has lost the queue; it is rebuilt from PostgreSQL");
      return reconciler.run();
    }
    if (taken.get().isEmpty()) {
      return false;
    }
    Map<TaskId, TaskRow> rows = new HashMap<>();
    leases.find(transactions.direct(), taken.get()).forEach(row -> rows.put(row.id(), row));
    Map<TaskId, InstanceId> homeOf = homes.of(transactions.direct(), rows.values());
    List<Seeking> seeking = new ArrayList<>();
    for (TaskId id : taken.get()) {
      TaskRow task = rows.get(id);
      if (task == null || task.state().terminal()) {
        queue.finish(node, List.of(id));
      } else if (!taking) {
        queue.giveBack(id, node);
      } else {
        seeking.add(new Seeking(task, homeOf.get(id)));
      }
    }
    List<Found> found = placement.find(seeking);
    Placed all = Placed.YES;
    for (int i = 0; i < found.size(); i++) {
      Placed one = place(seeking.get(i), found.get(i));
      all = one.compareTo(all) > 0 ? one : all;
    }
    // Where places are rare, taking many tasks only to put them back would be work for nothing.
    batch = all == Placed.YES ? Math.min(MAX_BATCH, batch * 2) : 1;
    if (all == Placed.LATER) {
      // Another node looks for a place for a task that comes first: that takes milliseconds.
      fibers.pause(STEP_ASIDE, Promise.promise());
    }
    return true;
  }

  /// What came of the look for a place, from good to bad.
  private enum Placed {
    YES,
    NOWHERE,
    LATER
  }

  private Placed place(Seeking seeking, Found found) {
    TaskRow task = seeking.task();
    switch (found) {
      case Found.Place(InstanceId instance, NodeId owner) -> {
        claiming++;
        fibers.fire("claim", () -> claim(task, instance, owner, seeking.home()));
        return Placed.YES;
      }
      case Found.Nowhere(String reason, Room room) -> {
        queue.park(task.id(), node, room, PARKED);
        explain(task, reason);
        return Placed.NOWHERE;
      }
      case Found.Later() -> {
        queue.giveBack(task.id(), node);
        return Placed.LATER;
      }
      case Found.Lost() -> {
        return Placed.YES;
      }
    }
  }

  private void explain(TaskRow task, String reason) {
    if (!reason.equals(task.waitReason())) {
      leases.waits(transactions.direct(), task.id(), reason);
    }
  }

  private void claim(
      TaskRow task, InstanceId instance, @Nullable NodeId owner, @Nullable InstanceId home) {
    Run run = null;
    long heldSince = System.nanoTime();
    try {
      switch (claims.claim(task, instance, home)) {
        case Claimed.Ours(TaskRow claimed) -> run = new Run(claimed, owner, heldSince);
        case Claimed.Refused() -> settle(task.id());
        case Claimed.SessionBusy() -> {
          queue.park(task.id(), node, Room.ABSENT, PARKED);
          explain(task, "SESSION_BUSY: another task of the session runs");
        }
      }
    } catch (Throwable failure) {
      giveBack(task, failure);
      throw failure;
    } finally {
      boolean full = claiming-- == MAX_CLAIMING;
      if (full) {
        poke();
      }
    }
    if (run != null) {
      follow(run);
    }
  }

  /// A store is away: others need not wait for the end of the lease in Redis. What goes on with a
  /// run keeps its slot by it.
  private void giveBack(TaskRow task, Throwable failure) {
    if (StoreFaults.of(failure) == null || task.runId() != null) {
      return;
    }
    try {
      queue.park(task.id(), node, Room.ABSENT, PARKED);
    } catch (RuntimeException alsoAway) {
      LOG.debug("the lease of {} runs out by itself: {}", task.id(), alsoAway.getMessage());
    }
  }

  /// PostgreSQL says otherwise than the queue did: the queue follows.
  private void settle(TaskId id) {
    List<TaskRow> rows = leases.find(transactions.direct(), List.of(id));
    TaskRow row = rows.isEmpty() ? null : rows.getFirst();
    if (row == null || row.state().terminal() || row.openNeeds() > 0) {
      queue.finish(node, List.of(id));
    } else if (row.overdue() && row.state() != TaskState.RUNNING) {
      // Somebody writes down in a moment that it has expired.
      queue.park(id, node, Room.ABSENT, PARKED);
    } else {
      queue.force(row);
    }
  }

  private void follow(Run run) {
    holdings.add(run);
    if (!taking) {
      // Claimed while this node was stopping: nothing is ordered yet.
      holdings.release();
      return;
    }
    LOG.atInfo()
        .addKeyValue(LogKeys.TASK, run.task().id())
        .addKeyValue(LogKeys.TENANT, run.task().tenant())
        .addKeyValue(LogKeys.INSTANCE, run.instance())
        .addKeyValue("attempt", run.task().attempt())
        .addKeyValue("run", run.runId())
        .log("task started");
    try {
      follower.follow(run).ifPresent(this::leave);
    } finally {
      holdings.remove(run);
      poke();
    }
  }

  private List<Future<Integer>> finish(List<TaskId> tasks) {
    Future<Integer> gone = Future.succeededFuture(queue.finish(node, tasks));
    return Collections.nCopies(tasks.size(), gone);
  }

  /// The task goes where its end sends it. What fails here, the reconciler makes good.
  private void leave(TaskRow task) {
    LOG.atInfo()
        .addKeyValue(LogKeys.TASK, task.id())
        .addKeyValue(LogKeys.TENANT, task.tenant())
        .addKeyValue("attempt", task.attempt())
        .addKeyValue("state", task.state().wireName())
        .log("run ended");
    try {
      if (task.state().terminal()) {
        finished.run(task.id());
      } else {
        Duration delay = Duration.ofMillis(task.dueMs());
        Next next = delay.isZero() ? Next.READY : Next.DELAYED;
        queue.release(node, next, delay, List.of(task.id()));
      }
    } catch (RuntimeException failure) {
      pause(failure);
    }
  }
}
