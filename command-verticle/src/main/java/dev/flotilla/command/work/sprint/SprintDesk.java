package dev.flotilla.command.work.sprint;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Table.Filter;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.MoveItem;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SprintFact;
import dev.flotilla.contract.SprintStatus;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkResult.SprintPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.UserId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Creates, shows and changes sprints.
public record SprintDesk(Clock clock) {

  public Sprint handle(WorkCommand.SprintCreate command, CommandContext context) {
    Tables.PROJECTS.get(context.sql(), context.tenant(), command.projectId().value());
    UserId user = context.principal().user();
    Sprint sprint =
        new Sprint(
            Objects.requireNonNullElseGet(command.id(), () -> new SprintId(Ids.next(clock))),
            command.projectId(),
            command.name(),
            command.goal(),
            SprintStatus.PLANNED,
            command.startDate(),
            command.endDate(),
            context.now(),
            user,
            context.now(),
            user,
            1L);
    requireOrder(sprint);
    Tables.SPRINTS.insert(context.sql(), context.tenant(), sprint);
    context.record(new SprintFact.Created(sprint));
    return sprint;
  }

  public Sprint handle(WorkCommand.SprintGet command, CommandContext context) {
    return Tables.SPRINTS.get(context.sql(), context.tenant(), command.id().value());
  }

  public SprintPage handle(WorkCommand.SprintList command, CommandContext context) {
    List<Filter> filters = new ArrayList<>();
    if (command.projectId() != null) {
      filters.add(Filter.equal("project_id", command.projectId()));
    }
    if (command.status() != null) {
      filters.add(Filter.equal("status", command.status().wireName()));
    }
    Page<Sprint> page =
        Tables.SPRINTS.page(
            context.sql(),
            context.tenant(),
            filters,
            Boolean.TRUE.equals(command.deleted()),
            command.limit(),
            command.cursor());
    return new SprintPage(page.items(), page.next());
  }

  public Sprint handle(WorkCommand.SprintUpdate command, CommandContext context) {
    Sprint before = Tables.SPRINTS.lock(context.sql(), context.tenant(), command.id().value());
    Edit.requireRevision("sprint", command.revision(), before.revision());
    Edit<Sprint> edit = Edit.of(before, command, context);
    if (!edit.isEmpty()) {
      requireOrder(edit.after());
      Tables.SPRINTS.update(context, command.id().value(), edit.after());
      context.record(new SprintFact.Updated(edit.after(), edit.changes()));
      context.changed(before, edit.after());
    }
    return edit.after();
  }

  /// Its items go back to the backlog, so that they are still somewhere.
  public WorkRemoved handle(WorkCommand.SprintDelete command, CommandContext context) {
    String id = command.id().value();
    Sprint sprint = Tables.SPRINTS.lock(context.sql(), context.tenant(), id);
    MoveItem.toSprint(SprintItems.lock(command.id(), context), null, context);
    SprintItems.forgetHidden(command.id(), context);
    Tables.SPRINTS.delete(
        context.sql(), context.tenant(), List.of(id), context.now(), context.principal().user());
    context.record(new SprintFact.Deleted(sprint.projectId(), sprint.id()));
    return new WorkRemoved(id);
  }

  public Sprint handle(WorkCommand.SprintRestore command, CommandContext context) {
    String id = command.id().value();
    Sprint sprint = Tables.SPRINTS.lockDeleted(context.sql(), context.tenant(), id);
    Tables.PROJECTS.get(context.sql(), context.tenant(), sprint.projectId().value());
    Tables.SPRINTS.restore(context.sql(), context.tenant(), List.of(id));
    context.record(
        new SprintFact.Updated(sprint, List.of(new FieldChange("deleted", "true", null))));
    return sprint;
  }

  static void requireOrder(Sprint sprint) {
    Instant start = sprint.startDate();
    Instant end = sprint.endDate();
    if (start != null && end != null && !end.isAfter(start)) {
      throw Fault.invalid("endDate", "It ends before it begins.").asException();
    }
  }
}
