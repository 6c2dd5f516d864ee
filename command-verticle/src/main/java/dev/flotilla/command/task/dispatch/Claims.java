package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.StoreFaults;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes this node the holder of tasks, in PostgreSQL and with an event.
record Claims(
    Transactions transactions,
    LeaseStore leases,
    AttemptStore attempts,
    SessionHomes homes,
    NodeId node,
    Duration lease,
    CommandMeters meters,
    Clock clock) {

  /// Why a claim got nothing.
  sealed interface Claimed {
    record Ours(TaskRow task) implements Claimed {}

    /// Somebody else has it, or it does not wait any more.
    record Refused() implements Claimed {}

    /// Another task of its session is running.
    record SessionBusy() implements Claimed {}
  }

  /// @param before the task as it was read before the claim
  /// @param home where its conversation was last
  Claimed claim(TaskRow before, InstanceId instance, @Nullable InstanceId home) {
    try {
      Optional<TaskRow> claimed =
          transactions.run((sql, effects) -> claim(before, instance, home, sql, effects));
      if (claimed.isEmpty()) {
        return new Claimed.Refused();
      }
      count(before, claimed.get());
      if (moved(claimed.get(), home)) {
        meters.conversationMoved();
      }
      return new Claimed.Ours(claimed.get());
    } catch (Throwable failure) {
      // The index tasks_one_per_session: the queue keeps sessions apart too, but may have lost one.
      if (StoreFaults.is(failure, StoreFaults.UNIQUE_VIOLATION)) {
        return new Claimed.SessionBusy();
      }
      throw failure;
    }
  }

  private Optional<TaskRow> claim(
      TaskRow before, InstanceId instance, @Nullable InstanceId home, Sql sql, Effects effects) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Optional<TaskRow> claimed = leases.claim(sql, before, node, lease, instance, now);
    AttemptOutcome earlier =
        before.leaseNode() == null ? AttemptOutcome.HANDED_OVER : AttemptOutcome.LOST;
    claimed.ifPresent(task -> attempts.begin(sql, effects, task, now, earlier));
    claimed
        .filter(task -> !Run.continued(task))
        .ifPresent(task -> homes.settle(sql, effects, task, instance, now));
    claimed.ifPresent(
        task ->
            effects.record(
                task.tenant(),
                new Fact.TaskChanged(
                    TaskChange.RUNNING, task.view().withoutPrompt(), reason(before, task, home)),
                task.createdBy(),
                task.correlationId()));
    return claimed;
  }

  private static boolean moved(TaskRow claimed, @Nullable InstanceId home) {
    return home != null && !Run.continued(claimed) && !home.equals(claimed.runInstance());
  }

  private static @Nullable String reason(
      TaskRow before, TaskRow claimed, @Nullable InstanceId home) {
    if (moved(claimed, home)) {
      return "the conversation has moved from " + home + ", which does not serve";
    }
    if (!Run.continued(claimed)) {
      return null;
    }
    return before.leaseNode() == null
        ? "taken over from a node that stopped"
        : "taken over from a lost node";
  }

  /// Since when it could have run.
  private static Instant ready(TaskRow before) {
    Instant due = before.dueAt();
    return due == null ? before.createdAt() : due;
  }

  private void count(TaskRow before, TaskRow claimed) {
    if (!Run.continued(claimed)) {
      meters.attemptStarted(claimed, Duration.between(ready(before), clock.instant()));
    } else if (before.leaseNode() != null) {
      meters.leasesLost(1);
    }
  }
}
