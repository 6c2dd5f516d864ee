package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.Commits;
import dev.flotilla.command.Fibers;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.Dependents;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.command.task.dispatch.LeaseStore.End;
import dev.flotilla.command.task.dispatch.LeaseStore.Lease;
import dev.flotilla.command.task.life.Timekeeper;
import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.TaskId;
import dev.flotilla.retry.Backoff;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Turns the certain end of a run into the next state of its task, with its event, in one
/// transaction that an attempt without the lease cannot make.
final class Endings {
  private final LeaseStore leases;
  private final AttemptStore attempts;
  private final PolicyStore policies;
  private final Dependents dependents;
  private final Backoff backoff;
  private final CommandMeters meters;
  private final Clock clock;
  private final Commits<Ended, Optional<TaskRow>> commits;

  Endings(
      Fibers fibers,
      Transactions transactions,
      LeaseStore leases,
      AttemptStore attempts,
      PolicyStore policies,
      Dependents dependents,
      Backoff backoff,
      CommandMeters meters,
      Clock clock) {
    this.leases = leases;
    this.attempts = attempts;
    this.policies = policies;
    this.dependents = dependents;
    this.backoff = backoff;
    this.meters = meters;
    this.clock = clock;
    this.commits = new Commits<>(fibers, "end runs", transactions, this::write);
  }

  /// A run under a lease has come to its end.
  private record Ended(Lease lease, RunState state) {}

  /// The next state, and how it is told.
  private record Step(End end, TaskChange change, @Nullable String reason) {}

  private static final String ABORTED = "ABORTED";

  /// @return the task after it, or nothing where the attempt was fenced
  Optional<TaskRow> write(Lease lease, RunState state) {
    Optional<TaskRow> after = commits.run(new Ended(lease, Storable.of(state)));
    after.ifPresentOrElse(
        row -> {
          meters.attemptEnded(row, state);
          if (row.state().terminal()) {
            meters.taskFinished(row);
          }
        },
        meters::fenced);
    return after;
  }

  /// A run whose lease still counted, and what becomes of its task.
  private record Counted(TaskRow task, Ended ended, Step step) {}

  private List<Optional<TaskRow>> write(List<Ended> ended, Sql sql, Effects effects) {
    Map<TaskId, TaskRow> held = leases.held(sql, ended.stream().map(Ended::lease).toList());
    List<Counted> counted = new ArrayList<>();
    for (Ended end : ended) {
      TaskRow task = held.get(end.lease().task());
      if (task != null && task.attempt() == end.lease().attempt()) {
        held.remove(task.id());
        counted.add(new Counted(task, end, step(task, end.state())));
      }
    }
    if (counted.isEmpty()) {
      return ended.stream().map(_ -> Optional.<TaskRow>empty()).toList();
    }
    attempts.end(sql, effects, counted.stream().map(Endings::attempt).toList(), now());
    use(counted, sql, effects);
    Map<TaskId, TaskRow> after =
        leases.end(sql, counted.stream().map(each -> each.step().end()).toList());
    counted.forEach(
        each -> tell(each, Objects.requireNonNull(after.get(each.task().id())), sql, effects));
    return ended.stream()
        .map(
            end ->
                Optional.ofNullable(after.get(end.lease().task()))
                    // Not for an older attempt that ends in the same group.
                    .filter(task -> task.attempt() == end.lease().attempt()))
        .toList();
  }

  private void tell(Counted counted, TaskRow after, Sql sql, Effects effects) {
    if (after.state().terminal()) {
      dependents.ended(sql, effects, after, now());
    }
    Step step = counted.step();
    effects.record(
        after.tenant(),
        new Fact.TaskChanged(step.change(), after.view().withoutPrompt(), step.reason()),
        after.createdBy(),
        after.correlationId());
  }

  private static AttemptStore.End attempt(Counted counted) {
    TaskId task = counted.task().id();
    int number = counted.task().attempt();
    return switch (counted.ended().state()) {
      case RunState.Succeeded(var outcome) ->
          new AttemptStore.End(task, number, AttemptOutcome.SUCCEEDED, null, outcome);
      case RunState.Failed(String reason, String message, boolean _) ->
          failed(task, number, AttemptOutcome.FAILED, new TaskError(reason, message));
      case RunState.Aborted(String reason) ->
          failed(task, number, AttemptOutcome.ABORTED, new TaskError(ABORTED, reason));
      case RunState.Refused(String reason) ->
          failed(task, number, AttemptOutcome.REFUSED, new TaskError("REFUSED", reason));
      case RunState.Going _, RunState.Unreachable _ ->
          throw new IllegalArgumentException("The run has not ended: " + counted.ended().state());
    };
  }

  private static AttemptStore.End failed(
      TaskId task, int number, AttemptOutcome outcome, TaskError error) {
    return new AttemptStore.End(task, number, outcome, error, null);
  }

  /// Counts what the attempts have used, for each tenant once, in the order of tenants: two groups
  /// cannot wait for each other.
  private void use(List<Counted> counted, Sql sql, Effects effects) {
    SortedMap<String, Use> uses = new TreeMap<>();
    for (Counted each : counted) {
      TaskOutcome result = each.step().end().result();
      if (result != null) {
        uses.merge(each.task().tenant().value(), Use.of(result), Use::plus);
      }
    }
    uses.forEach(
        (tenant, use) -> {
          if (use.tokens() > 0 || use.usd() > 0) {
            effects.sent(policies.used(sql, tenant, use.tokens(), use.usd()));
          }
        });
  }

  private record Use(long tokens, double usd) {
    static Use of(TaskOutcome result) {
      return new Use(
          Objects.requireNonNullElse(result.inputTokens(), 0L)
              + Objects.requireNonNullElse(result.outputTokens(), 0L),
          Objects.requireNonNullElse(result.costUsd(), 0.0));
    }

    Use plus(Use other) {
      return new Use(tokens + other.tokens, usd + other.usd);
    }
  }

  private Step step(TaskRow task, RunState state) {
    return switch (state) {
      case RunState.Succeeded(var outcome) ->
          new Step(
              new End(
                  task.id(),
                  TaskState.SUCCEEDED,
                  outcome,
                  null,
                  task.failures(),
                  null,
                  null,
                  now()),
              TaskChange.SUCCEEDED,
              null);
      case RunState.Failed _, RunState.Refused _, RunState.Aborted _ when task.cancelRequested() ->
          cancelled(task);
      case RunState.Aborted(String reason) ->
          ended(task, TaskState.FAILED, TaskChange.FAILED, new TaskError(ABORTED, reason));
      case RunState.Failed(String reason, String message, boolean retryable) ->
          failed(task, new TaskError(reason, message), retryable);
      case RunState.Refused(String reason) -> back(task, reason);
      case RunState.Going _, RunState.Unreachable _ ->
          throw new IllegalArgumentException("The run has not ended: " + state);
    };
  }

  private Step cancelled(TaskRow task) {
    TaskError asked = task.error();
    if (asked != null && asked.reason().equals(Timekeeper.EXPIRED)) {
      return ended(task, TaskState.EXPIRED, TaskChange.EXPIRED, asked);
    }
    TaskError why =
        asked != null && asked.reason().equals(CancelTask.CANCELLED)
            ? asked
            : new TaskError(CancelTask.CANCELLED, "Cancelled.");
    return ended(task, TaskState.CANCELLED, TaskChange.CANCELLED, why);
  }

  private Step failed(TaskRow task, TaskError error, boolean retryable) {
    Command.Retry retry = task.retry();
    List<String> last = retry == null ? null : retry.finalErrors();
    if (!retryable || (last != null && last.contains(error.reason()))) {
      return ended(task, TaskState.FAILED, TaskChange.FAILED, error);
    }
    int failures = task.failures() + 1;
    if (failures >= task.maxAttempts()) {
      End end = new End(task.id(), TaskState.DEAD, null, error, failures, null, null, now());
      String reason =
          "Attempt %d of %d failed: %s".formatted(failures, task.maxAttempts(), error.message());
      return new Step(end, TaskChange.DEAD, reason);
    }
    Duration delay = backoff.with(retry).delay(failures);
    String reason =
        "Attempt %d of %d failed, next in %d ms: %s"
            .formatted(failures, task.maxAttempts(), delay.toMillis(), error.message());
    return new Step(
        new End(task.id(), TaskState.RETRYING, null, error, failures, delay, null, null),
        TaskChange.RETRYING,
        reason);
  }

  private Step ended(TaskRow task, TaskState state, TaskChange change, TaskError error) {
    return new Step(
        new End(task.id(), state, null, error, task.failures(), null, null, now()),
        change,
        error.message());
  }

  /// The instance has not taken the run: no fault of the task, so no attempt is counted, but each
  /// time it waits longer.
  private Step back(TaskRow task, String reason) {
    int refusals = task.attempt() - task.failures();
    String words = "Refused by " + task.runInstance() + ": " + reason;
    return new Step(
        new End(
            task.id(),
            TaskState.PENDING,
            null,
            task.error(),
            task.failures(),
            backoff.delay(refusals),
            words,
            null),
        TaskChange.QUEUED,
        words);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
