package dev.flotilla.command.work.item;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Locks;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Table.Filter;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.contract.WorkResult.WorkItemPage;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Creates, shows and changes work items.
public record ItemDesk(Clock clock) {
  /// The same expression as in the index.
  private static final String WORDS =
      """
      to_tsvector('simple', t.title || ' ' || coalesce(t.description, ''))
      @@ websearch_to_tsquery('simple', ?)\
      """;

  public WorkItem handle(WorkCommand.ItemCreate command, CommandContext context) {
    Project project =
        Tables.PROJECTS.get(context.sql(), context.tenant(), command.projectId().value());
    ItemId id = Objects.requireNonNullElseGet(command.id(), () -> new ItemId(Ids.next(clock)));
    String status = Objects.requireNonNullElse(command.status(), project.statuses().getFirst());
    requireStatus(project, status);
    Locks.order(context.sql(), context.tenant(), project.id());
    requireSprint(context, project.id(), command.sprintId());
    ItemId parent = command.parentId();
    if (parent != null) {
      WorkItem above = Tables.ITEMS.get(context.sql(), context.tenant(), parent.value());
      Siblings.requireParent(context.sql(), context.tenant(), id, above, project.id());
    }
    WorkItem item =
        new WorkItem(
            id,
            project.id(),
            command.sprintId(),
            parent,
            command.itemType(),
            command.title(),
            command.description(),
            status,
            Objects.requireNonNullElse(command.priority(), Priority.MEDIUM),
            command.assigneeId(),
            0,
            command.storyPoints(),
            Objects.requireNonNullElse(command.labels(), List.of()),
            context.now(),
            context.principal().user(),
            context.now(),
            context.principal().user(),
            new Siblings(context.sql(), context.tenant(), project.id(), parent, id).atEnd(),
            1L);
    Tables.ITEMS.insert(context.sql(), context.tenant(), item);
    WorkItem made = Tables.ITEMS.get(context.sql(), context.tenant(), id.value());
    context.record(new ItemFact.Created(made));
    context.made(made);
    return made;
  }

  public WorkItem handle(WorkCommand.ItemGet command, CommandContext context) {
    return Tables.ITEMS.get(context.sql(), context.tenant(), command.id().value());
  }

  public WorkItemPage handle(WorkCommand.ItemList command, CommandContext context) {
    List<Filter> filters = new ArrayList<>();
    add(filters, "project_id", command.projectId());
    add(filters, "sprint_id", command.sprintId());
    add(filters, "parent_id", command.parentId());
    add(filters, "assignee_id", command.assigneeId());
    add(filters, "status", command.status());
    add(filters, "item_type", command.itemType() == null ? null : command.itemType().wireName());
    if (command.text() != null) {
      filters.add(new Filter(WORDS, command.text()));
    }
    Page<WorkItem> page =
        Tables.ITEMS.page(
            context.sql(),
            context.tenant(),
            filters,
            Boolean.TRUE.equals(command.deleted()),
            command.limit(),
            command.cursor());
    return new WorkItemPage(page.items(), page.next());
  }

  private static void add(List<Filter> filters, String column, @Nullable Object value) {
    if (value != null) {
      filters.add(Filter.equal(column, value));
    }
  }

  public WorkItem handle(WorkCommand.ItemUpdate command, CommandContext context) {
    WorkItem before = Tables.ITEMS.lock(context.sql(), context.tenant(), command.id().value());
    Edit.requireRevision("work item", command.revision(), before.revision());
    return write(Edit.of(before, command, context), context);
  }

  /// Writes the item as it is to be, and tells of it. Nothing happens where nothing is different.
  public WorkItem write(Edit<WorkItem> edit, CommandContext context) {
    if (edit.isEmpty()) {
      return edit.before();
    }
    check(edit, context);
    store(edit, context);
    WorkItem after = edit.after();
    context.record(
        new ItemFact.Updated(
            edit.changes("description") ? after : after.withoutDescription(), edit.changes()));
    context.changed(edit.before(), after);
    return after;
  }

  /// Throws where the item cannot be so.
  public static void check(Edit<WorkItem> edit, CommandContext context) {
    if (edit.changes("status")) {
      requireStatus(
          Tables.PROJECTS.get(context.sql(), context.tenant(), edit.after().projectId().value()),
          edit.after().status());
    }
  }

  /// Writes the item as it is to be, and tells nobody: for one that is deleted.
  public static void store(Edit<WorkItem> edit, CommandContext context) {
    String id = edit.after().id().value();
    Tables.ITEMS.update(context, id, edit.after());
    Stamps.ITEMS.set(id, edit.changes(), context);
  }

  private static void requireStatus(Project project, String status) {
    if (!project.statuses().contains(status)) {
      throw Fault.invalid(
              "status",
              "The steps of the project are " + String.join(", ", project.statuses()) + ".")
          .asException();
    }
  }

  /// Nobody deletes the sprint before the item is in it. To be used under the lock of the order.
  static void requireSprint(CommandContext context, ProjectId project, @Nullable SprintId sprint) {
    if (sprint != null
        && !Tables.SPRINTS
            .hold(context.sql(), context.tenant(), sprint.value())
            .projectId()
            .equals(project)) {
      throw Fault.invalid("sprintId", "'" + sprint + "' is a sprint of another project.")
          .asException();
    }
  }
}
