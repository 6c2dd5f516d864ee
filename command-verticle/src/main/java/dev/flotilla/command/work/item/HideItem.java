package dev.flotilla.command.work.item;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.work.entity.Locks;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.ItemId;
import java.util.ArrayList;
import java.util.List;

/// Hides work items with all that is a part of them, and shows them again.
public final class HideItem {
  private static final List<String> DELETED = List.of("deleted");

  /// Below an item those that are there, or those that were hidden together with it.
  private static final String PARTS =
      """
      with recursive part (id, at) as (
        select id, deleted_at from work_items where tenant = $1 and id = $2
        union all
        select i.id, i.deleted_at from work_items i join part on i.parent_id = part.id
        where i.tenant = $1 and i.deleted_at is not distinct from part.at
      )
      select id from part
      """;

  public WorkRemoved handle(WorkCommand.ItemDelete command, CommandContext context) {
    WorkItem seen = Tables.ITEMS.get(context.sql(), context.tenant(), command.id().value());
    Locks.order(context.sql(), context.tenant(), seen.projectId());
    Tables.ITEMS.lock(context.sql(), context.tenant(), command.id().value());
    List<String> parts = parts(context.sql(), command.id(), context);
    List<WorkItem> items = Tables.ITEMS.all(context.sql(), context.tenant(), parts);
    Stamps.ITEMS.set(parts, DELETED, Stamps.now(context), context);
    Tables.ITEMS.delete(
        context.sql(), context.tenant(), parts, context.now(), context.principal().user());
    items.forEach(
        item -> context.record(new ItemFact.Deleted(item.projectId(), item.sprintId(), item.id())));
    context.gone(seen);
    return new WorkRemoved(command.id().value());
  }

  public WorkItem handle(WorkCommand.ItemRestore command, CommandContext context) {
    WorkItem seen =
        Tables.ITEMS.getEvenDeleted(context.sql(), context.tenant(), command.id().value());
    // Nobody hides its parent meanwhile.
    Locks.order(context.sql(), context.tenant(), seen.projectId());
    WorkItem hidden =
        Tables.ITEMS.lockDeleted(context.sql(), context.tenant(), command.id().value());
    Tables.PROJECTS.get(context.sql(), context.tenant(), hidden.projectId().value());
    ItemId parent = hidden.parentId();
    if (parent != null && Tables.ITEMS.isDeleted(context.sql(), context.tenant(), parent.value())) {
      throw Fault.of(Reason.WRONG_STATE, "Restore '" + parent + "' first: it is a part of that.")
          .asException();
    }
    List<String> parts = parts(context.sql(), command.id(), context);
    Tables.ITEMS.restore(context.sql(), context.tenant(), parts);
    Stamps.ITEMS.set(parts, DELETED, Stamps.now(context), context);
    List<FieldChange> changes = List.of(new FieldChange("deleted", "true", null));
    Tables.ITEMS
        .all(context.sql(), context.tenant(), parts)
        .forEach(item -> context.record(new ItemFact.Updated(item, changes)));
    WorkItem again = Tables.ITEMS.get(context.sql(), context.tenant(), command.id().value());
    context.made(again);
    return again;
  }

  private static List<String> parts(Sql sql, ItemId item, CommandContext context) {
    List<String> parts = new ArrayList<>();
    sql.run(PARTS, context.tenant().value(), item.value())
        .forEach(row -> parts.add(row.getString("id")));
    return parts;
  }
}
