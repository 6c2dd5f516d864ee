package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A work item as its tenant sees it.
///
/// @param sprintId null while it is in the backlog
/// @param status as the project names its steps, such as `in_progress`
/// @param position the place among the children of its parent, from 0
/// @param rank sorts it among its siblings, as text by its bytes; null from sources outside
/// @param revision rises with every change; null from sources outside
/// @param description left out of events where it has not changed
public record WorkItem(
    ItemId id,
    ProjectId projectId,
    @Nullable SprintId sprintId,
    @Nullable ItemId parentId,
    WorkItemType itemType,
    String title,
    @Nullable String description,
    String status,
    Priority priority,
    @Nullable UserId assigneeId,
    int position,
    @Nullable Double storyPoints,
    List<String> labels,
    Instant createdAt,
    UserId createdBy,
    Instant updatedAt,
    UserId updatedBy,
    @Nullable String rank,
    @Nullable Long revision)
    implements WorkResult {

  /// The same item as events carry it where its description has not changed.
  public WorkItem withoutDescription() {
    return new WorkItem(
        id,
        projectId,
        sprintId,
        parentId,
        itemType,
        title,
        null,
        status,
        priority,
        assigneeId,
        position,
        storyPoints,
        labels,
        createdAt,
        createdBy,
        updatedAt,
        updatedBy,
        rank,
        revision);
  }

  /// The same item at another place.
  public WorkItem at(
      @Nullable ItemId newParent,
      @Nullable SprintId newSprint,
      @Nullable String newRank,
      long newRevision,
      Instant at,
      UserId by) {
    return new WorkItem(
        id,
        projectId,
        newSprint,
        newParent,
        itemType,
        title,
        description,
        status,
        priority,
        assigneeId,
        position,
        storyPoints,
        labels,
        createdAt,
        createdBy,
        at,
        by,
        newRank,
        newRevision);
  }

  @JsonIgnore
  List<Topic> topics() {
    return new ItemPlace(projectId, sprintId, id).topics();
  }
}
