package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a work item is.
///
/// @param sprintId null while it is in the backlog
public record ItemPlace(ProjectId projectId, @Nullable SprintId sprintId, ItemId workItemId) {

  /// Who subscribes to the project, the sprint or the item hears of the item.
  @JsonIgnore
  public List<Topic> topics() {
    return sprintId == null
        ? List.of(Topic.project(projectId), Topic.item(workItemId))
        : List.of(Topic.project(projectId), Topic.sprint(sprintId), Topic.item(workItemId));
  }
}
