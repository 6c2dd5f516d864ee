package dev.flotilla.contract;

import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client can ask about the queue as a whole: many tasks at once, dead letters, pauses,
/// budgets, schedules.
public sealed interface QueueCommand extends Command {

  /// Creates up to 1,000 tasks: all of them, or none.
  record TaskBatch(List<Command.TaskCreate> tasks) implements QueueCommand {}

  /// Lists the attempts of a task.
  record TaskAttempts(TaskId id) implements QueueCommand {}

  /// Waits until a task has ended, at most `timeoutMs` and less than a command may take.
  record TaskWait(TaskId id, @Nullable Long timeoutMs) implements QueueCommand {}

  /// Lists failed and dead tasks, newest first.
  record DeadLetterList(
      @Nullable String reason,
      @Nullable Priority priority,
      @Nullable String label,
      @Nullable String session,
      @Nullable String schedule,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements QueueCommand {}

  /// Queues failed and dead tasks again.
  ///
  /// @param all needed where no filter is given
  record DeadLetterReplay(
      @Nullable List<TaskId> ids,
      @Nullable String reason,
      @Nullable Priority priority,
      @Nullable String label,
      @Nullable String session,
      @Nullable String schedule,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Boolean all,
      @Nullable Boolean dryRun)
      implements QueueCommand {}

  /// Deletes failed and dead tasks for good.
  ///
  /// @param confirm how many there are, as a dry run has said
  record DeadLetterPurge(
      @Nullable List<TaskId> ids,
      @Nullable String reason,
      @Nullable Priority priority,
      @Nullable String label,
      @Nullable String session,
      @Nullable String schedule,
      @Nullable Instant since,
      @Nullable Instant until,
      @Nullable Boolean all,
      @Nullable Boolean dryRun,
      @Nullable Integer confirm)
      implements QueueCommand {}

  record QueueStats() implements QueueCommand {}

  /// Stops a level or all of them, for a tenant or for all: nothing more starts.
  record QueuePause(
      @Nullable Priority priority,
      @Nullable TenantId tenant,
      @Nullable Boolean allTenants,
      @Nullable String reason)
      implements QueueCommand {}

  /// Takes back the pause with the same level and tenant.
  record QueueResume(
      @Nullable Priority priority, @Nullable TenantId tenant, @Nullable Boolean allTenants)
      implements QueueCommand {}

  record QueuePolicyGet(@Nullable TenantId tenant, @Nullable Boolean fleet)
      implements QueueCommand {}

  /// Replaces what a tenant, or the fleet, may use. What is absent has no limit.
  record QueuePolicySet(
      @Nullable TenantId tenant,
      @Nullable Boolean fleet,
      @Nullable Integer weight,
      @Nullable Integer maxQueued,
      @Nullable Integer maxRunning,
      @Nullable Integer maxHourly,
      @Nullable Long maxDailyTokens,
      @Nullable Double maxDailyUsd,
      @Nullable OverBudget over)
      implements QueueCommand {}

  /// Creates tasks again and again.
  ///
  /// @param cron five fields of Unix cron
  /// @param zone `UTC` where it is not given
  /// @param missed `once` where it is not given
  record ScheduleCreate(
      String id,
      String cron,
      @Nullable String zone,
      @Nullable MissedRuns missed,
      @Nullable Boolean enabled,
      Command.TaskCreate task)
      implements QueueCommand {}

  /// Changes what is given of a schedule.
  ///
  /// @param revision that the change is meant for
  record ScheduleUpdate(
      String id,
      @Nullable Long revision,
      @Nullable String cron,
      @Nullable String zone,
      @Nullable MissedRuns missed,
      @Nullable Boolean enabled,
      Command.@Nullable TaskCreate task)
      implements QueueCommand {}

  record ScheduleGet(String id) implements QueueCommand {}

  record ScheduleList() implements QueueCommand {}

  record ScheduleDelete(String id, @Nullable Long revision) implements QueueCommand {}
}
