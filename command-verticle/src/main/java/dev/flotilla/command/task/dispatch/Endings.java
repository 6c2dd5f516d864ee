package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.AttemptStore;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.Dependents;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.command.task.dispatch.LeaseStore.End;
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
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the certain end of a run into the next state of its task, with its event, in one
/// transaction that an attempt without the lease cannot make.
record Endings(
    Transactions transactions,
    LeaseStore leases,
    AttemptStore attempts,
    PolicyStore policies,
    Dependents dependents,
    Backoff backoff,
    CommandMeters meters,
    Clock clock) {

  /// The next state, and how it is told.
  private record Step(End end, TaskChange change, @Nullable String reason) {}

  private static final String ABORTED = "ABORTED";

  /// @return the task after it, or nothing where the attempt was fenced
  Optional<TaskRow> write(TaskId task, int attempt, RunState state) {
    Optional<TaskRow> after =
        transactions.run((sql, effects) -> write(task, attempt, state, sql, effects));
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

  private Optional<TaskRow> write(
      TaskId id, int attempt, RunState state, Sql sql, Effects effects) {
    Optional<TaskRow> held = leases.held(sql, id, attempt);
    if (held.isEmpty()) {
      return held;
    }
    TaskRow task = held.get();
    Step step = step(task, Storable.of(state));
    AttemptStore.End end = attempt(Storable.of(state));
    attempts.end(sql, effects, id, attempt, end, now());
    use(task, end.result(), sql, effects);
    TaskRow after = leases.end(sql, id, step.end());
    if (after.state().terminal()) {
      dependents.ended(sql, effects, after, now());
    }
    effects.record(
        task.tenant(),
        new Fact.TaskChanged(step.change(), after.view().withoutPrompt(), step.reason()),
        task.createdBy(),
        task.correlationId());
    return Optional.of(after);
  }

  private static AttemptStore.End attempt(RunState state) {
    return switch (state) {
      case RunState.Succeeded(var outcome) ->
          new AttemptStore.End(AttemptOutcome.SUCCEEDED, null, outcome);
      case RunState.Failed(String reason, String message, boolean _) ->
          new AttemptStore.End(AttemptOutcome.FAILED, new TaskError(reason, message), null);
      case RunState.Aborted(String reason) ->
          new AttemptStore.End(AttemptOutcome.ABORTED, new TaskError(ABORTED, reason), null);
      case RunState.Refused(String reason) ->
          new AttemptStore.End(AttemptOutcome.REFUSED, new TaskError("REFUSED", reason), null);
      case RunState.Going _, RunState.Unreachable _ ->
          throw new IllegalArgumentException("The run has not ended: " + state);
    };
  }

  private void use(TaskRow task, @Nullable TaskOutcome result, Sql sql, Effects effects) {
    if (result == null) {
      return;
    }
    long tokens =
        Objects.requireNonNullElse(result.inputTokens(), 0L)
            + Objects.requireNonNullElse(result.outputTokens(), 0L);
    if (tokens > 0 || result.costUsd() != null) {
      effects.sent(policies.used(sql, task.tenant().value(), tokens, result.costUsd()));
    }
  }

  private Step step(TaskRow task, RunState state) {
    return switch (state) {
      case RunState.Succeeded(var outcome) ->
          new Step(
              new End(TaskState.SUCCEEDED, outcome, null, task.failures(), null, null, now()),
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
      End end = new End(TaskState.DEAD, null, error, failures, null, null, now());
      String reason =
          "Attempt %d of %d failed: %s".formatted(failures, task.maxAttempts(), error.message());
      return new Step(end, TaskChange.DEAD, reason);
    }
    Duration delay = backoff.with(retry).delay(failures);
    String reason =
        "Attempt %d of %d failed, next in %d ms: %s"
            .formatted(failures, task.maxAttempts(), delay.toMillis(), error.message());
    return new Step(
        new End(TaskState.RETRYING, null, error, failures, delay, null, null),
        TaskChange.RETRYING,
        reason);
  }

  private Step ended(TaskRow task, TaskState state, TaskChange change, TaskError error) {
    return new Step(
        new End(state, null, error, task.failures(), null, null, now()), change, error.message());
  }

  /// The instance has not taken the run: no fault of the task, so no attempt is counted, but each
  /// time it waits longer.
  private Step back(TaskRow task, String reason) {
    int refusals = task.attempt() - task.failures();
    String words = "Refused by " + task.runInstance() + ": " + reason;
    return new Step(
        new End(
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
