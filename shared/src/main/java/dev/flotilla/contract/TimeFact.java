package dev.flotilla.contract;

import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.TimeEntryId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to a time entry. Durable. Project and sprint are those of its work item.
public sealed interface TimeFact extends WorkFact {

  /// A timer runs.
  record Started(ProjectId projectId, @Nullable SprintId sprintId, TimeEntry timeEntry)
      implements TimeFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, timeEntry.workItemId()).topics();
    }
  }

  /// The timer has stopped, and the entry has its duration.
  record Stopped(ProjectId projectId, @Nullable SprintId sprintId, TimeEntry timeEntry)
      implements TimeFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, timeEntry.workItemId()).topics();
    }
  }

  /// Somebody adjusted the entry by hand.
  record Updated(ProjectId projectId, @Nullable SprintId sprintId, TimeEntry timeEntry)
      implements TimeFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, timeEntry.workItemId()).topics();
    }
  }

  record Deleted(
      ProjectId projectId, @Nullable SprintId sprintId, ItemId workItemId, TimeEntryId timeEntryId)
      implements TimeFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, workItemId).topics();
    }
  }
}
