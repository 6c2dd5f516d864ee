package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.Commits;
import dev.flotilla.command.Fibers;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.dispatch.LeaseStore.Wanted;
import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.store.StoreFaults;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes this node the holder of tasks, in PostgreSQL and with an event.
final class Claims {
  private final LeaseStore leases;
  private final AttemptStore attempts;
  private final SessionHomes homes;
  private final NodeId node;
  private final Duration lease;
  private final CommandMeters meters;
  private final Clock clock;
  private final Commits<Wanted, Optional<TaskRow>> commits;

  Claims(
      Fibers fibers,
      Transactions transactions,
      LeaseStore leases,
      AttemptStore attempts,
      SessionHomes homes,
      NodeId node,
      Duration lease,
      CommandMeters meters,
      Clock clock) {
    this.leases = leases;
    this.attempts = attempts;
    this.homes = homes;
    this.node = node;
    this.lease = lease;
    this.meters = meters;
    this.clock = clock;
    this.commits = new Commits<>(fibers, "claim tasks", transactions, this::claim);
  }

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
      Optional<TaskRow> claimed = commits.run(new Wanted(before, instance, home));
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

  private List<Optional<TaskRow>> claim(List<Wanted> wanted, Sql sql, Effects effects) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Map<TaskId, TaskRow> ours = leases.claim(sql, wanted, node, lease, now);
    List<Optional<TaskRow>> answers = new ArrayList<>();
    List<AttemptStore.Begun> begun = new ArrayList<>();
    for (Wanted want : wanted) {
      TaskRow before = want.task();
      // Taken away, so that whoever wanted it twice has it once.
      Optional<TaskRow> claimed = Optional.ofNullable(ours.remove(before.id()));
      answers.add(claimed);
      claimed.ifPresent(
          task -> {
            begun.add(new AttemptStore.Begun(task, earlier(before)));
            if (!Run.continued(task)) {
              homes.settle(sql, effects, task, want.instance(), now);
            }
            tell(want, task, effects);
          });
    }
    if (!begun.isEmpty()) {
      attempts.begin(sql, effects, begun, now);
    }
    return answers;
  }

  private static AttemptOutcome earlier(TaskRow before) {
    return before.leaseNode() == null ? AttemptOutcome.HANDED_OVER : AttemptOutcome.LOST;
  }

  private static void tell(Wanted want, TaskRow claimed, Effects effects) {
    effects.record(
        claimed.tenant(),
        new Fact.TaskChanged(
            TaskChange.RUNNING,
            claimed.view().withoutPrompt(),
            reason(want.task(), claimed, want.home())),
        claimed.createdBy(),
        claimed.correlationId());
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
