package dev.flotilla.command.work.item;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Locks;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.SprintId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Gives a work item another parent, sprint or place. No other row is written.
public final class MoveItem {

  public WorkItem handle(WorkCommand.ItemMove command, CommandContext context) {
    List<String> clear = Objects.requireNonNullElse(command.clear(), List.of());
    requireOneMeaning(command, clear);
    // The lock of the order comes before that of the row, as with every other change of the order.
    WorkItem seen = Tables.ITEMS.get(context.sql(), context.tenant(), command.id().value());
    Locks.order(context.sql(), context.tenant(), seen.projectId());
    WorkItem before = Tables.ITEMS.lock(context.sql(), context.tenant(), seen.id().value());
    Edit.requireRevision("work item", command.revision(), before.revision());
    ItemId parent = clear.contains("parentId") ? null : or(command.parentId(), before.parentId());
    SprintId sprint = clear.contains("sprintId") ? null : or(command.sprintId(), before.sprintId());
    Place place = new Place(parent, sprint, before.rank());
    check(before, place, context);
    WorkItem moved = move(before, place.ranked(rank(command, before, parent, context)), context);
    context.changed(before, moved);
    return moved;
  }

  /// Throws where the item cannot be there. To be used under the lock of the order.
  public static void check(WorkItem before, Place place, CommandContext context) {
    ItemId parent = place.parent();
    if (!Objects.equals(place.sprint(), before.sprintId())) {
      ItemDesk.requireSprint(context, before.projectId(), place.sprint());
    }
    if (parent != null && !parent.equals(before.parentId())) {
      WorkItem above = Tables.ITEMS.get(context.sql(), context.tenant(), parent.value());
      Siblings.requireParent(
          context.sql(), context.tenant(), before.id(), above, before.projectId());
    }
  }

  private static void requireOneMeaning(WorkCommand.ItemMove command, List<String> clear) {
    if (command.position() != null && command.afterId() != null) {
      throw Fault.invalid("afterId", "Give position or afterId, not both.").asException();
    }
    if ((command.parentId() != null && clear.contains("parentId"))
        || (command.sprintId() != null && clear.contains("sprintId"))) {
      throw Fault.invalid("clear", "What is given cannot be cleared.").asException();
    }
  }

  private static String rank(
      WorkCommand.ItemMove command,
      WorkItem before,
      @Nullable ItemId parent,
      CommandContext context) {
    Siblings siblings =
        new Siblings(context.sql(), context.tenant(), before.projectId(), parent, before.id());
    Integer position = command.position();
    ItemId after = command.afterId();
    String rank = before.rank();
    if (position != null) {
      return siblings.at(position);
    }
    if (after != null) {
      return siblings.after(after);
    }
    return rank != null && Objects.equals(parent, before.parentId()) ? rank : siblings.atEnd();
  }

  /// Writes the item at its new place, and tells of it.
  public static WorkItem move(WorkItem before, Place place, CommandContext context) {
    store(before, place, context);
    WorkItem moved = Tables.ITEMS.get(context.sql(), context.tenant(), before.id().value());
    context.record(
        new ItemFact.Moved(
            moved.projectId(),
            moved.id(),
            before.parentId(),
            moved.parentId(),
            before.sprintId(),
            moved.sprintId(),
            moved.position(),
            moved.rank(),
            moved.revision()));
    return moved;
  }

  /// Writes the item at its new place, and tells nobody: for one that is deleted.
  public static void store(WorkItem before, Place place, CommandContext context) {
    WorkItem after =
        before.at(
            place.parent(),
            place.sprint(),
            place.rank(),
            Objects.requireNonNullElse(before.revision(), 0L) + 1,
            context.now(),
            context.principal().user());
    Tables.ITEMS.update(context, after.id().value(), after);
    Stamps.ITEMS.set(after.id(), Place.of(before).differences(place), Stamps.now(context), context);
  }

  /// Puts items into another sprint, or into the backlog; their order stays.
  public static void toSprint(
      List<WorkItem> items, @Nullable SprintId sprint, CommandContext context) {
    items.forEach(item -> move(item, Place.of(item).in(sprint), context));
  }

  private static <T> @Nullable T or(@Nullable T given, @Nullable T before) {
    return given == null ? before : given;
  }
}
