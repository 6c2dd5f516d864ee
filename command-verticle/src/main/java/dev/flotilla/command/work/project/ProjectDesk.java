package dev.flotilla.command.work.project;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.contract.ProjectFact;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.contract.WorkResult.ProjectPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.UserId;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;

/// Creates, shows and changes projects.
public record ProjectDesk(Clock clock) {
  private static final List<String> STEPS = List.of("todo", "in_progress", "done");

  public Project handle(WorkCommand.ProjectCreate command, CommandContext context) {
    List<String> statuses = Objects.requireNonNullElse(command.statuses(), STEPS);
    UserId user = context.principal().user();
    Project project =
        new Project(
            Objects.requireNonNullElseGet(command.id(), () -> new ProjectId(Ids.next(clock))),
            command.name(),
            command.description(),
            statuses,
            Objects.requireNonNullElse(command.doneStatuses(), List.of(statuses.getLast())),
            context.now(),
            user,
            context.now(),
            user,
            1);
    requireSound(project);
    Tables.PROJECTS.insert(context.sql(), context.tenant(), project);
    context.record(new ProjectFact.Created(project));
    return project;
  }

  public Project handle(WorkCommand.ProjectGet command, CommandContext context) {
    return Tables.PROJECTS.get(context.sql(), context.tenant(), command.id().value());
  }

  public ProjectPage handle(WorkCommand.ProjectList command, CommandContext context) {
    Page<Project> page =
        Tables.PROJECTS.page(
            context.sql(),
            context.tenant(),
            List.of(),
            Boolean.TRUE.equals(command.deleted()),
            command.limit(),
            command.cursor());
    return new ProjectPage(page.items(), page.next());
  }

  public Project handle(WorkCommand.ProjectUpdate command, CommandContext context) {
    Project before = Tables.PROJECTS.lock(context.sql(), context.tenant(), command.id().value());
    Edit.requireRevision("project", command.revision(), before.revision());
    Edit<Project> edit = Edit.of(before, command, context);
    if (!edit.isEmpty()) {
      requireSound(edit.after());
      Tables.PROJECTS.update(context, command.id().value(), edit.after());
      context.record(new ProjectFact.Updated(edit.after(), edit.changes()));
      context.changed(before, edit.after());
    }
    return edit.after();
  }

  public WorkRemoved handle(WorkCommand.ProjectDelete command, CommandContext context) {
    String id = command.id().value();
    Tables.PROJECTS.lock(context.sql(), context.tenant(), id);
    Tables.PROJECTS.delete(
        context.sql(), context.tenant(), List.of(id), context.now(), context.principal().user());
    context.record(new ProjectFact.Deleted(command.id()));
    return new WorkRemoved(id);
  }

  public Project handle(WorkCommand.ProjectRestore command, CommandContext context) {
    String id = command.id().value();
    Project hidden = Tables.PROJECTS.lockDeleted(context.sql(), context.tenant(), id);
    Tables.PROJECTS.restore(context.sql(), context.tenant(), List.of(id));
    context.record(
        new ProjectFact.Updated(hidden, List.of(new FieldChange("deleted", "true", null))));
    return hidden;
  }

  private static void requireSound(Project project) {
    if (new HashSet<>(project.statuses()).size() < project.statuses().size()) {
      throw Fault.invalid("statuses", "A step is named twice.").asException();
    }
    if (!project.statuses().containsAll(project.doneStatuses())) {
      throw Fault.invalid("doneStatuses", "They have to be among the project's steps.")
          .asException();
    }
  }
}
