package dev.flotilla.command.task;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.AfterFailure;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Priority;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.TaskId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// From what a client asked for to a task: defaults, and what a schema cannot say.
record Drafting(FleetConfig.Command defaults, Clock clock) {

  /// @param after the tasks that `command.after` names
  /// @param openNeeds how many of them have not ended
  /// @param needed others of the batch wait for it
  /// @param notBefore no budget is left until then
  TaskDraft draft(
      Command.TaskCreate command,
      TaskId id,
      Author author,
      List<TaskId> after,
      int openNeeds,
      boolean needed,
      @Nullable Instant notBefore,
      @Nullable String schedule) {
    Instant runAt = later(runAt(command, author), notBefore);
    Instant deadline = command.deadline();
    if (deadline != null && !deadline.isAfter(runAt == null ? author.at() : runAt)) {
      throw Fault.invalid("deadline", "The deadline is not after the time when the task may start.")
          .asException();
    }
    return new TaskDraft(
        id,
        author,
        Objects.requireNonNullElse(command.priority(), Priority.MEDIUM),
        command.prompt(),
        command.session(),
        Objects.requireNonNullElse(command.capabilities(), List.of()),
        Objects.requireNonNullElse(command.labels(), List.of()),
        Objects.requireNonNullElse(command.timeoutMs(), defaults.taskTimeout().toMillis()),
        Objects.requireNonNullElse(command.maxAttempts(), defaults.maxAttempts()),
        runAt,
        deadline,
        command.retry(),
        limits(command),
        after,
        after.isEmpty()
            ? null
            : Objects.requireNonNullElse(command.afterFailure(), AfterFailure.FAIL),
        openNeeds,
        needed,
        schedule,
        openNeeds == 0 ? null : "AFTER: waits for " + openNeeds + " other tasks to end");
  }

  TaskId nextId() {
    return new TaskId(Ids.next(clock));
  }

  /// Null for at once.
  private static @Nullable Instant runAt(Command.TaskCreate command, Author author) {
    Long delay = command.delayMs();
    Instant runAt = command.runAt();
    if (delay != null && runAt != null) {
      throw Fault.invalid("delayMs", "Give delayMs or runAt, not both.").asException();
    }
    Instant time = delay == null ? runAt : author.at().plusMillis(delay);
    return time == null || !time.isAfter(author.at()) ? null : time;
  }

  private static @Nullable Instant later(@Nullable Instant one, @Nullable Instant other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.isAfter(other) ? one : other;
  }

  private static TaskRow.@Nullable KeyLimits limits(Command.TaskCreate command) {
    String key = command.concurrencyKey();
    Integer running = command.concurrencyLimit();
    Command.Rate rate = command.rateLimit();
    if (key == null) {
      if (running != null || rate != null) {
        throw Fault.invalid("concurrencyKey", "A limit needs the concurrencyKey that it is for.")
            .asException();
      }
      return null;
    }
    int byDefault = rate == null ? 1 : 0;
    return new TaskRow.KeyLimits(
        key,
        running == null ? byDefault : running,
        rate == null ? 0 : rate.starts(),
        rate == null ? 0 : rate.perMs());
  }
}
