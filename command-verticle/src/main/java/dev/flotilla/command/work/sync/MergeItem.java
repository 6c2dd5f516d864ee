package dev.flotilla.command.work.sync;

import static dev.flotilla.command.work.sync.Merge.DELETED;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Stamps.Stamp;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.HideItem;
import dev.flotilla.command.work.item.ItemDesk;
import dev.flotilla.command.work.item.MoveItem;
import dev.flotilla.command.work.item.Place;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.SprintId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Fields of a work item, its place, and whether it is there at all. What is changed of one that is
/// deleted is kept for its return, and told to nobody until then.
public record MergeItem(ItemDesk desk, HideItem hide) {
  private static final String PARENT = "parentId";
  private static final String SPRINT = "sprintId";
  private static final String RANK = "rank";
  private static final List<String> PLACE = List.of(PARENT, SPRINT, RANK);
  private static final List<String> FIELDS =
      List.of(
          "title",
          "description",
          "status",
          "priority",
          "assigneeId",
          "storyPoints",
          "labels",
          PARENT,
          SPRINT,
          RANK);

  SyncOutcome merge(SyncEnvelope envelope, ObjectNode given, CommandContext context) {
    SyncWork.require(given, FIELDS, "work item");
    String id = envelope.workItemId().value();
    WorkItem before = Tables.ITEMS.getEvenDeleted(context.sql(), context.tenant(), id);
    Map<String, Stamp> stamps = Stamps.ITEMS.of(id, context);
    Merge merge =
        Merge.of(Merge.stamp(envelope, context), given, before, stamps, before.createdAt());
    boolean wasDeleted = Tables.ITEMS.isDeleted(context.sql(), context.tenant(), id);
    if (given.has(DELETED)) {
      appear(before, wasDeleted, merge, context);
    } else {
      change(before, wasDeleted, merge, context);
      if (wasDeleted) {
        merge.lose(DELETED, BooleanNode.TRUE, stamps.getOrDefault(DELETED, Merge.UNKNOWN));
      }
    }
    Stamps.ITEMS.set(id, stamped(merge.winners()), merge.mine(), context);
    boolean isDeleted = Tables.ITEMS.isDeleted(context.sql(), context.tenant(), id);
    return merge.outcome(
        isDeleted ? null : Tables.ITEMS.get(context.sql(), context.tenant(), id), null, null);
  }

  private void appear(WorkItem item, boolean wasDeleted, Merge merge, CommandContext context) {
    if (!merge.won().has(DELETED)) {
      return;
    }
    boolean deleted = merge.won().get(DELETED).asBoolean();
    if (deleted && !wasDeleted) {
      hide.handle(new WorkCommand.ItemDelete(item.id()), context);
    } else if (!deleted && wasDeleted) {
      hide.handle(new WorkCommand.ItemRestore(item.id()), context);
    }
  }

  /// Checks everything before anything is written.
  private void change(WorkItem before, boolean isDeleted, Merge merge, CommandContext context) {
    ObjectNode fields = merge.won().deepCopy();
    fields.remove(PLACE);
    Edit<WorkItem> edit = Edit.of(before, fields, context);
    ItemDesk.check(edit, context);
    Place there = there(before, merge.won(), context);
    boolean moves = !there.equals(Place.of(before));
    if (isDeleted) {
      ItemDesk.store(edit, context);
      if (moves) {
        MoveItem.store(edit.after(), there, context);
      }
      return;
    }
    WorkItem after = desk.write(edit, context);
    if (moves) {
      MoveItem.move(after, there, context);
    }
  }

  private static Place there(WorkItem before, ObjectNode won, CommandContext context) {
    String parent = text(won, PARENT, before.parentId());
    String sprint = text(won, SPRINT, before.sprintId());
    Place place =
        new Place(
            parent == null ? null : new ItemId(parent),
            sprint == null ? null : new SprintId(sprint),
            before.rank());
    MoveItem.check(before, place, context);
    return place.ranked(text(won, RANK, null), before, context);
  }

  private static @Nullable String text(ObjectNode won, String name, @Nullable Object otherwise) {
    if (won.has(name)) {
      return won.get(name).isNull() ? null : won.get(name).asText();
    }
    return otherwise == null ? null : otherwise.toString();
  }

  /// Among the children of another parent, an item has a place that it did not have before.
  private static Set<String> stamped(Set<String> names) {
    if (names.contains(PARENT)) {
      names.add(RANK);
    }
    return names;
  }
}
