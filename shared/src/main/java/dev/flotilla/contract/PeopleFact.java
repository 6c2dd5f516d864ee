package dev.flotilla.contract;

import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.UserId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a user does at a work item. Ephemeral. Project and sprint are those of the item.
public sealed interface PeopleFact extends WorkFact {

  /// The user looks at the item, edits it, or has stopped doing so.
  ///
  /// @param status whether the user has a session at all
  record AtItem(
      ProjectId projectId,
      @Nullable SprintId sprintId,
      ItemId workItemId,
      UserId userId,
      PresenceStatus status,
      boolean viewing,
      boolean editing)
      implements PeopleFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, workItemId).topics();
    }
  }

  /// The user writes a comment on the item, or has stopped to.
  record Typing(
      ProjectId projectId,
      @Nullable SprintId sprintId,
      ItemId workItemId,
      UserId userId,
      boolean typing)
      implements PeopleFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, workItemId).topics();
    }
  }
}
