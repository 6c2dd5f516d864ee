package dev.flotilla.contract;

import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [WorkCommand].
public sealed interface WorkResult extends Result
    permits WorkItem,
        Sprint,
        Comment,
        TimeEntry,
        Dependency,
        WorkResult.Project,
        WorkResult.ProjectPage,
        WorkResult.WorkItemPage,
        WorkResult.SprintPage,
        WorkResult.SprintReview,
        WorkResult.CommentPage,
        WorkResult.TimeEntryPage,
        WorkResult.DependencyPage,
        WorkResult.ActivityPage,
        WorkResult.AgentAssigned,
        WorkResult.Synced,
        WorkResult.Attendance,
        WorkResult.WorkRemoved {

  /// What work items and sprints belong to.
  ///
  /// @param statuses the steps of its items, in their order
  /// @param doneStatuses those that count as completed
  record Project(
      ProjectId id,
      String name,
      @Nullable String description,
      List<String> statuses,
      List<String> doneStatuses,
      Instant createdAt,
      UserId createdBy,
      Instant updatedAt,
      UserId updatedBy,
      long revision)
      implements WorkResult {}

  record ProjectPage(List<Project> items, @Nullable String nextCursor) implements WorkResult {}

  record WorkItemPage(List<WorkItem> items, @Nullable String nextCursor) implements WorkResult {}

  record SprintPage(List<Sprint> items, @Nullable String nextCursor) implements WorkResult {}

  record CommentPage(List<Comment> items, @Nullable String nextCursor) implements WorkResult {}

  record TimeEntryPage(List<TimeEntry> items, @Nullable String nextCursor) implements WorkResult {}

  record DependencyPage(List<Dependency> items, @Nullable String nextCursor)
      implements WorkResult {}

  /// @param next asks for what comes after, as `since`
  /// @param more true where there is more already
  record ActivityPage(
      List<ActivityEntry> items, String next, boolean more, @Nullable ActivityGap gap)
      implements WorkResult {}

  /// One event of the log.
  record ActivityEntry(
      long seq,
      String type,
      List<String> topics,
      Instant at,
      @Nullable String actor,
      @Nullable String correlationId,
      RawJson payload) {}

  /// What is missing before the first entry.
  record ActivityGap(String reason, @Nullable Long fromSeq, @Nullable Long toSeq) {}

  /// @param movedItems how many items went elsewhere
  record SprintReview(Sprint sprint, SprintStats stats, int movedItems) implements WorkResult {}

  /// @param task that was queued
  record AgentAssigned(WorkItem workItem, TaskId task) implements WorkResult {}

  /// @param until when it is over unless it is said again, null where the caller has left
  /// @param people who are at the item, by name
  record Attendance(ItemId id, @Nullable Instant until, List<Attendant> people)
      implements WorkResult {}

  /// What one user does at a work item.
  record Attendant(UserId userId, boolean viewing, boolean editing, boolean typing) {}

  record Synced(List<SyncOutcome> outcomes) implements WorkResult {}

  /// @param lost fields that a later change has won
  /// @param workItem as it is now; the comment or the time entry where the envelope is about that
  /// @param reason why it was refused as a whole
  record SyncOutcome(
      String correlationId,
      SyncVerdict outcome,
      List<LostField> lost,
      @Nullable WorkItem workItem,
      @Nullable String reason,
      @Nullable String message,
      @Nullable Comment comment,
      @Nullable TimeEntry timeEntry) {}

  /// @param value what won, null where the field has no value
  /// @param correlationId of the change that won
  record LostField(String field, @Nullable String value, Instant at, String correlationId) {}

  /// @param id of what is hidden now
  record WorkRemoved(String id) implements WorkResult {}
}
