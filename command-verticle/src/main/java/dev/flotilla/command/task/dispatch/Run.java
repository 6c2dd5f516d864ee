package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.dispatch.LeaseStore.Lease;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A run whose task's lease this node holds: what is known of it, and what others want of it.
/// Confined to the verticle's context.
final class Run {
  private final TaskRow task;
  private final String runId;
  private final InstanceId instance;
  private final long heldSince;
  private long renewedAt;
  private @Nullable NodeId owner;
  private boolean mayExist;
  private boolean cancelRequested;
  private boolean timeUp;
  private @Nullable Long goingSince;
  private @Nullable Long silentSince;
  private boolean ending;
  private boolean dropped;
  private @Nullable RunState told;
  private @Nullable String trace;
  private Promise<Void> bell = Promise.promise();

  /// @param task as the claim returned it
  /// @param owner the node of the link where it is known
  /// @param heldSince the [System#nanoTime()] before the claim was sent
  Run(TaskRow task, @Nullable NodeId owner, long heldSince) {
    this.task = task;
    this.heldSince = heldSince;
    this.renewedAt = heldSince;
    this.runId = Objects.requireNonNull(task.runId());
    this.instance = Objects.requireNonNull(task.runInstance());
    this.owner = owner;
    this.mayExist = continued(task);
    this.cancelRequested = task.cancelRequested();
  }

  /// True where the claim went on with a run of an earlier lease.
  static boolean continued(TaskRow claimed) {
    return !(claimed.id() + "." + claimed.attempt()).equals(claimed.runId());
  }

  /// What the run is part of, from now on.
  void traced(@Nullable String traceparent) {
    trace = traceparent;
  }

  TaskRow task() {
    return task;
  }

  String runId() {
    return runId;
  }

  InstanceId instance() {
    return instance;
  }

  Lease lease() {
    return new Lease(task.id(), task.attempt());
  }

  /// A holder that was frozen since its claim may be fenced without knowing: it starts nothing any
  /// more, it only asks after what others may have started.
  RunOrder order(NodeId holder, Duration lease) {
    return new RunOrder(
        task.id(),
        task.tenant(),
        instance,
        task.attempt(),
        runId,
        task.session(),
        Objects.requireNonNull(task.runSession()),
        task.prompt(),
        mayExist || passed(heldSince, lease.dividedBy(2)),
        task.timeoutMs(),
        holder,
        task.correlationId(),
        trace);
  }

  RunCancel cancel() {
    return new RunCancel(task.id(), instance, runId, Objects.requireNonNull(task.runSession()));
  }

  @Nullable NodeId owner() {
    return owner;
  }

  void ownedBy(@Nullable NodeId node) {
    owner = node;
  }

  /// An order has left: from now on the run may exist, whether or not it was heard.
  void ordered() {
    mayExist = true;
  }

  boolean cancelRequested() {
    return cancelRequested;
  }

  void requestCancel() {
    if (!cancelRequested) {
      cancelRequested = true;
      ring();
    }
  }

  /// The link's owner says that the run has ended.
  void tell(RunState state) {
    told = state;
    ring();
  }

  /// What was told since the last look.
  @Nullable RunState takeTold() {
    RunState state = told;
    told = null;
    return state;
  }

  /// @param sentAt the [System#nanoTime()] before the renewal was sent
  void renewed(long sentAt) {
    renewedAt = sentAt;
  }

  /// True where somebody else may have the lease by now.
  boolean leaseOver(Duration lease) {
    return passed(renewedAt, lease);
  }

  /// Its end is being written down: the row may say already that it does not run.
  void end() {
    ending = true;
  }

  boolean ending() {
    return ending;
  }

  /// The lease is not ours any more: nothing is to be done or changed.
  void drop() {
    dropped = true;
    ring();
  }

  boolean dropped() {
    return dropped;
  }

  /// True once the run has had its time, and some more for the instance to end it by itself.
  ///
  /// A run of an earlier lease was started by another node's clock, and a run out of reach may have
  /// ended while nobody looked: the grace begins when it is seen to go on, too.
  boolean overdue(Instant now, Duration grace) {
    if (goingSince == null || !passed(goingSince, grace)) {
      return false;
    }
    if (!continued(task)) {
      return passed(heldSince, grace.plusMillis(task.timeoutMs()));
    }
    Instant started = Objects.requireNonNullElse(task.startedAt(), task.createdAt());
    return now.isAfter(started.plusMillis(task.timeoutMs()).plus(grace));
  }

  /// What a look at it showed.
  void seen(boolean going) {
    if (!going) {
      goingSince = null;
    } else if (goingSince == null) {
      goingSince = System.nanoTime();
    }
  }

  /// Whether the link's owner could ask the instance.
  void reached(boolean yes) {
    if (yes) {
      silentSince = null;
    } else if (silentSince == null) {
      silentSince = System.nanoTime();
    }
  }

  boolean outOfReach(Duration patience) {
    return silentSince != null && passed(silentSince, patience);
  }

  /// True where the limit has passed since the run's timeout, in the time that this node saw.
  boolean lost(Duration limit) {
    return passed(heldSince, limit.plusMillis(task.timeoutMs()));
  }

  private static boolean passed(long since, Duration time) {
    return System.nanoTime() - since >= time.toNanos();
  }

  /// It has had its time: it is to be stopped, and its end is waited for.
  void stopForTime() {
    timeUp = true;
  }

  boolean timeUp() {
    return timeUp;
  }

  /// Rings when there is something new to look at.
  Promise<Void> bell() {
    return bell;
  }

  /// The bell was heard: look, and it can ring again.
  void hush() {
    bell = Promise.promise();
  }

  private void ring() {
    bell.tryComplete();
  }
}
