package dev.flotilla.command.work.attend;

import dev.flotilla.contract.PeopleFact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.UserId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one user does at one work item, and where that is heard.
record Stay(
    ProjectId projectId,
    @Nullable SprintId sprintId,
    boolean viewing,
    boolean editing,
    boolean typing) {

  boolean over() {
    return !viewing && !editing && !typing;
  }

  Stay ended() {
    return new Stay(projectId, sprintId, false, false, false);
  }

  /// What is different from before.
  ///
  /// @param before null where the user was not there
  List<WorkFact> since(@Nullable Stay before, ItemId item, UserId user, PresenceStatus status) {
    Stay was = before == null ? ended() : before;
    List<WorkFact> facts = new ArrayList<>();
    if (viewing != was.viewing || editing != was.editing) {
      facts.add(new PeopleFact.AtItem(projectId, sprintId, item, user, status, viewing, editing));
    }
    if (typing != was.typing) {
      facts.add(new PeopleFact.Typing(projectId, sprintId, item, user, typing));
    }
    return facts;
  }
}
