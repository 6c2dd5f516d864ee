package dev.flotilla.command.work.item;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.SprintId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Where a work item is.
///
/// @param rank sorts it among the children of its parent
public record Place(@Nullable ItemId parent, @Nullable SprintId sprint, @Nullable String rank) {

  public static Place of(WorkItem item) {
    return new Place(item.parentId(), item.sprintId(), item.rank());
  }

  Place in(@Nullable SprintId newSprint) {
    return new Place(parent, newSprint, rank);
  }

  Place ranked(@Nullable String newRank) {
    return new Place(parent, sprint, newRank);
  }

  /// With the rank that a client has chosen, or right after the item that has it already; at the
  /// end where it has chosen none and the parent is another. To be used under the lock of the
  /// order.
  public Place ranked(@Nullable String chosen, WorkItem before, CommandContext context) {
    if (chosen == null && Objects.equals(parent, before.parentId())) {
      return this;
    }
    if (chosen != null && !Rank.isRank(chosen)) {
      throw Fault.invalid("rank", "'" + chosen + "' is no rank.").asException();
    }
    Siblings siblings =
        new Siblings(context.sql(), context.tenant(), before.projectId(), parent, before.id());
    return ranked(chosen == null ? siblings.atEnd() : siblings.with(chosen));
  }

  /// The fields of the item in which another place is different.
  List<String> differences(Place other) {
    List<String> fields = new ArrayList<>();
    if (!Objects.equals(parent, other.parent)) {
      fields.add("parentId");
    }
    if (!Objects.equals(sprint, other.sprint)) {
      fields.add("sprintId");
    }
    if (!Objects.equals(rank, other.rank)) {
      fields.add("rank");
    }
    return fields;
  }
}
