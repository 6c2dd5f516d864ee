package dev.flotilla.contract;

import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.DependencyId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.TimeEntryId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a client can ask about tracked work. Fields are explained in the schemas of the contract.
public sealed interface WorkCommand extends Command {

  /// Creates a project.
  record ProjectCreate(
      @Nullable ProjectId id,
      String name,
      @Nullable String description,
      @Nullable List<String> statuses,
      @Nullable List<String> doneStatuses)
      implements WorkCommand {}

  /// Reads a project.
  record ProjectGet(ProjectId id) implements WorkCommand {}

  /// Lists the tenant's projects, newest first.
  record ProjectList(@Nullable Boolean deleted, @Nullable Integer limit, @Nullable String cursor)
      implements WorkCommand {}

  /// Changes what is given of a project, and nothing else.
  record ProjectUpdate(
      ProjectId id,
      @Nullable Long revision,
      @Nullable String name,
      @Nullable String description,
      @Nullable List<String> statuses,
      @Nullable List<String> doneStatuses,
      @Nullable List<String> clear)
      implements WorkCommand {}

  /// Hides a project; what is in it stays with it.
  record ProjectDelete(ProjectId id) implements WorkCommand {}

  /// Shows a deleted project again.
  record ProjectRestore(ProjectId id) implements WorkCommand {}

  /// Creates a work item, the last among the children of its parent.
  record ItemCreate(
      @Nullable ItemId id,
      ProjectId projectId,
      WorkItemType itemType,
      String title,
      @Nullable String description,
      @Nullable String status,
      @Nullable Priority priority,
      @Nullable UserId assigneeId,
      @Nullable SprintId sprintId,
      @Nullable ItemId parentId,
      @Nullable Double storyPoints,
      @Nullable List<String> labels)
      implements WorkCommand {}

  /// Reads a work item.
  record ItemGet(ItemId id) implements WorkCommand {}

  /// Lists work items, newest first.
  record ItemList(
      @Nullable ProjectId projectId,
      @Nullable SprintId sprintId,
      @Nullable ItemId parentId,
      @Nullable UserId assigneeId,
      @Nullable String status,
      @Nullable WorkItemType itemType,
      @Nullable String text,
      @Nullable Boolean deleted,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements WorkCommand {}

  /// Changes what is given of a work item, and nothing else.
  record ItemUpdate(
      ItemId id,
      @Nullable Long revision,
      @Nullable WorkItemType itemType,
      @Nullable String title,
      @Nullable String description,
      @Nullable String status,
      @Nullable Priority priority,
      @Nullable UserId assigneeId,
      @Nullable Double storyPoints,
      @Nullable List<String> labels,
      @Nullable List<String> clear)
      implements WorkCommand {}

  /// Gives a work item another parent, sprint or place. What is not given stays.
  record ItemMove(
      ItemId id,
      @Nullable Long revision,
      @Nullable ItemId parentId,
      @Nullable SprintId sprintId,
      @Nullable Integer position,
      @Nullable ItemId afterId,
      @Nullable List<String> clear)
      implements WorkCommand {}

  /// Hides a work item and all that is a part of it.
  record ItemDelete(ItemId id) implements WorkCommand {}

  /// Shows a deleted work item again, with what was deleted together with it.
  record ItemRestore(ItemId id) implements WorkCommand {}

  /// Plans a sprint.
  record SprintCreate(
      @Nullable SprintId id,
      ProjectId projectId,
      String name,
      @Nullable String goal,
      @Nullable Instant startDate,
      @Nullable Instant endDate)
      implements WorkCommand {}

  /// Reads a sprint.
  record SprintGet(SprintId id) implements WorkCommand {}

  /// Lists sprints, newest first.
  record SprintList(
      @Nullable ProjectId projectId,
      @Nullable SprintStatus status,
      @Nullable Boolean deleted,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements WorkCommand {}

  /// Changes what is given of a sprint, and nothing else.
  record SprintUpdate(
      SprintId id,
      @Nullable Long revision,
      @Nullable String name,
      @Nullable String goal,
      @Nullable Instant startDate,
      @Nullable Instant endDate,
      @Nullable List<String> clear)
      implements WorkCommand {}

  /// Hides a sprint; its items go back to the backlog.
  record SprintDelete(SprintId id) implements WorkCommand {}

  /// Shows a deleted sprint again, without the items that it had.
  record SprintRestore(SprintId id) implements WorkCommand {}

  /// Starts a planned sprint now.
  record SprintStart(SprintId id, @Nullable Long revision, @Nullable Instant endDate)
      implements WorkCommand {}

  /// Ends an active sprint now, and says what it came to.
  record SprintComplete(
      SprintId id,
      @Nullable Long revision,
      @Nullable OpenItems openItems,
      @Nullable SprintId nextSprintId)
      implements WorkCommand {}

  /// Comments on a work item.
  record CommentAdd(@Nullable CommentId id, ItemId workItemId, String content)
      implements WorkCommand {}

  /// Lists the comments on a work item, newest first.
  record CommentList(ItemId workItemId, @Nullable Integer limit, @Nullable String cursor)
      implements WorkCommand {}

  /// Edits a comment of one's own.
  record CommentUpdate(CommentId id, @Nullable Long revision, String content)
      implements WorkCommand {}

  /// Hides a comment of one's own; an admin's may be anybody's.
  record CommentDelete(CommentId id) implements WorkCommand {}

  /// Starts the caller's timer on a work item. A user has one at a time.
  record TimeStart(@Nullable TimeEntryId id, ItemId workItemId, @Nullable String description)
      implements WorkCommand {}

  /// Stops the caller's timer. The fleet computes how long it ran.
  record TimeStop(@Nullable TimeEntryId id) implements WorkCommand {}

  /// Lists time entries, newest first.
  record TimeList(
      @Nullable ItemId workItemId,
      @Nullable UserId userId,
      @Nullable Boolean running,
      @Nullable Integer limit,
      @Nullable String cursor)
      implements WorkCommand {}

  /// Adjusts a time entry of one's own; its duration follows.
  record TimeUpdate(
      TimeEntryId id,
      @Nullable Long revision,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt,
      @Nullable String description)
      implements WorkCommand {}

  /// Hides a time entry of one's own; an admin's may be anybody's.
  record TimeDelete(TimeEntryId id) implements WorkCommand {}

  /// Makes one work item depend on another. Items that block each other in a circle are refused.
  record DependencyCreate(
      @Nullable DependencyId id,
      ItemId blockingItemId,
      ItemId blockedItemId,
      @Nullable DependencyType dependencyType)
      implements WorkCommand {}

  /// Lists what a work item depends on and what depends on it, newest first.
  record DependencyList(ItemId workItemId, @Nullable Integer limit, @Nullable String cursor)
      implements WorkCommand {}

  /// Takes a dependency away.
  record DependencyDelete(DependencyId id) implements WorkCommand {}

  /// Reads the tenant's log of events, oldest first, as far as the caller may hear them.
  record ActivityList(
      @Nullable String since,
      @Nullable List<ProjectId> projectIds,
      @Nullable List<SprintId> sprintIds,
      @Nullable List<ItemId> workItemIds,
      @Nullable UserId actor,
      @Nullable List<String> type,
      @Nullable Integer limit)
      implements WorkCommand {}

  /// Hands a work item to an agent: a task is queued, its status follows it, and what comes of it
  /// is a comment. Needs the scope tasks.write, too.
  record ItemAssignAgent(
      ItemId id,
      @Nullable Long revision,
      @Nullable AgentId agentId,
      @Nullable String prompt,
      @Nullable String session,
      @Nullable List<String> capabilities,
      @Nullable Priority priority,
      @Nullable String startStatus,
      @Nullable String doneStatus,
      @Nullable String failStatus)
      implements WorkCommand {}

  /// Says what the caller does at a work item, and hears who else is there. It holds for a while
  /// and has to be said again before that is over.
  record ItemAttend(
      ItemId id, @Nullable Boolean viewing, @Nullable Boolean editing, @Nullable Boolean typing)
      implements WorkCommand {}

  /// Applies what a client has changed while it was away, field by field: the later change of a
  /// field wins. Each envelope has an outcome of its own.
  record WorkSync(List<SyncEnvelope> envelopes) implements WorkCommand {}

  /// One change by a client that was away: of a work item, or of a comment or a time entry on it.
  ///
  /// @param correlationId the client's own name for the change
  /// @param at when the user made it
  record SyncEnvelope(
      String correlationId,
      ItemId workItemId,
      Instant at,
      @Nullable String title,
      @Nullable String description,
      @Nullable String status,
      @Nullable Priority priority,
      @Nullable UserId assigneeId,
      @Nullable Double storyPoints,
      @Nullable List<String> labels,
      @Nullable List<String> clear,
      @Nullable ItemId parentId,
      @Nullable SprintId sprintId,
      @Nullable String rank,
      @Nullable Boolean deleted,
      @Nullable CommentId commentId,
      @Nullable String content,
      @Nullable TimeEntryId timeEntryId,
      @Nullable Instant startedAt,
      @Nullable Instant endedAt) {}
}
