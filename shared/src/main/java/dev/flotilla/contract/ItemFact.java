package dev.flotilla.contract;

import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to a work item. Durable.
public sealed interface ItemFact extends WorkFact {

  record Created(WorkItem workItem) implements ItemFact {
    @Override
    public List<Topic> topics() {
      return workItem.topics();
    }
  }

  /// @param workItem as it is now
  record Updated(WorkItem workItem, List<FieldChange> changes) implements ItemFact {
    @Override
    public List<Topic> topics() {
      return workItem.topics();
    }
  }

  /// The item is hidden, not erased.
  record Deleted(ProjectId projectId, @Nullable SprintId sprintId, ItemId workItemId)
      implements ItemFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, workItemId).topics();
    }
  }

  /// The item has another parent, sprint or place. Subscribers of the old sprint hear it as well as
  /// those of the new one.
  ///
  /// @param newPosition the place among the children of its parent, from 0
  /// @param newRank sorts it among its siblings; null from sources outside, as is the revision
  record Moved(
      ProjectId projectId,
      ItemId workItemId,
      @Nullable ItemId oldParentId,
      @Nullable ItemId newParentId,
      @Nullable SprintId oldSprintId,
      @Nullable SprintId newSprintId,
      int newPosition,
      @Nullable String newRank,
      @Nullable Long revision)
      implements ItemFact {
    @Override
    public List<Topic> topics() {
      List<Topic> topics =
          new ArrayList<>(new ItemPlace(projectId, newSprintId, workItemId).topics());
      if (oldSprintId != null && !oldSprintId.equals(newSprintId)) {
        topics.add(Topic.sprint(oldSprintId));
      }
      return topics;
    }
  }
}
