package dev.flotilla.contract;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [QueueCommand].
public sealed interface QueueResult extends Result {

  record TaskBatch(List<TaskId> ids) implements QueueResult {}

  record TaskAttempts(TaskId id, List<AttemptView> items) implements QueueResult {}

  /// One lease of a task.
  ///
  /// @param runId the run on the instance; an attempt with the same one went on with it
  /// @param durationMs as the instance reported it, like tokens and cost
  record AttemptView(
      int number,
      NodeId node,
      InstanceId instance,
      String runId,
      Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable AttemptOutcome outcome,
      Result.@Nullable TaskError error,
      @Nullable Long durationMs,
      @Nullable Long inputTokens,
      @Nullable Long outputTokens,
      @Nullable Double costUsd) {}

  /// @param matched how many there were
  /// @param ids those that were queued again, or would be
  record Replayed(long matched, List<TaskId> ids, boolean dryRun) implements QueueResult {}

  record Purged(long matched, long purged) implements QueueResult {}

  /// @param priority null for every level
  /// @param tenant null for every tenant
  record PauseView(
      @Nullable Priority priority,
      boolean allTenants,
      @Nullable TenantId tenant,
      @Nullable String reason,
      String pausedBy,
      Instant pausedAt) {}

  record QueuePauses(List<PauseView> items) implements QueueResult {}

  /// @param oldestMs how long the oldest pending one has waited
  record LevelStats(
      Priority priority,
      long scheduled,
      long pending,
      long retrying,
      long running,
      @Nullable Long oldestMs) {}

  record QueueStats(List<LevelStats> levels, long deadLetters, List<PauseView> pauses)
      implements QueueResult {}

  /// What a tenant may use, and has used.
  ///
  /// @param tenant null for the whole fleet
  /// @param overBudget true while nothing more starts because a budget is used up
  record QueuePolicy(
      @Nullable TenantId tenant,
      int weight,
      @Nullable Integer maxQueued,
      @Nullable Integer maxRunning,
      @Nullable Integer maxHourly,
      @Nullable Long maxDailyTokens,
      @Nullable Double maxDailyUsd,
      OverBudget over,
      long usedHourly,
      long usedDailyTokens,
      double usedDailyUsd,
      boolean overBudget)
      implements QueueResult {}

  /// @param nextAt when it creates its next task
  /// @param lastAt the time for which it created its newest one
  record ScheduleView(
      String id,
      long revision,
      String cron,
      String zone,
      MissedRuns missed,
      boolean enabled,
      Command.TaskCreate task,
      @Nullable Instant nextAt,
      @Nullable Instant lastAt,
      @Nullable TaskId lastTask,
      String createdBy,
      Instant createdAt)
      implements QueueResult {}

  record SchedulePage(List<ScheduleView> items) implements QueueResult {}

  record ScheduleRemoved(String id) implements QueueResult {}
}
