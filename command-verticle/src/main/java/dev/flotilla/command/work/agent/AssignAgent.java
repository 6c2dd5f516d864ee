package dev.flotilla.command.work.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.Author;
import dev.flotilla.command.task.NewTasks;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Excerpt;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.command.work.item.ItemDesk;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.AgentAssigned;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Scope;
import dev.flotilla.wire.Json;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Hands a work item to an agent: item, task and what ties them together, in one transaction.
public record AssignAgent(NewTasks tasks, ItemDesk items, Assignments assignments) {
  private static final String NOBODY_IN_PARTICULAR = "agent";
  private static final String USUAL_START = "in_progress";
  private static final int MAX_SESSION = 128;
  private static final String IS_A_PERSON = "select 1 from users where tenant = $1 and id = $2";
  private static final int MAX_PROMPT = 65_536;

  public AgentAssigned handle(WorkCommand.ItemAssignAgent command, CommandContext context) {
    context.principal().require(Scope.TASKS_WRITE);
    WorkItem before = Tables.ITEMS.lock(context.sql(), context.tenant(), command.id().value());
    Edit.requireRevision("work item", command.revision(), before.revision());
    Project project =
        Tables.PROJECTS.get(context.sql(), context.tenant(), before.projectId().value());
    String agent = command.agentId() == null ? NOBODY_IN_PARTICULAR : command.agentId().value();
    requireNobodyElsesName(agent, context);
    Assignment.Policy policy = policy(command, project);
    TaskRow task =
        tasks
            .create(
                List.of(task(command, before)),
                Author.of(context),
                null,
                context.sql(),
                context.effects())
            .getFirst();
    assignments.add(
        context.sql(), new Assignment(context.tenant(), task.id(), before.id(), agent, policy));
    ObjectNode fields = Json.MAPPER.createObjectNode().put("assigneeId", agent);
    WorkItem item = items.write(Edit.of(before, fields, context), context);
    return new AgentAssigned(item, task.id());
  }

  /// What the agent answers is a comment in its name: no user's, and no key's.
  private static void requireNobodyElsesName(String agent, CommandContext context) {
    if (agent.startsWith("key-")
        || context.sql().run(IS_A_PERSON, context.tenant().value(), agent).size() > 0) {
      throw Fault.invalid("agentId", "'" + agent + "' is somebody else.").asException();
    }
  }

  private static Command.TaskCreate task(WorkCommand.ItemAssignAgent command, WorkItem item) {
    return Command.TaskCreate.of(
        Objects.requireNonNullElseGet(command.prompt(), () -> prompt(item)),
        Objects.requireNonNullElse(command.priority(), item.priority()),
        Objects.requireNonNullElse(command.session(), session(item)),
        command.capabilities());
  }

  private static String prompt(WorkItem item) {
    String description = item.description();
    String prompt = description == null ? item.title() : item.title() + "\n\n" + description;
    return Excerpt.of(prompt, MAX_PROMPT);
  }

  /// What is said about one item is one conversation.
  private static String session(WorkItem item) {
    String session = "item-" + item.id();
    return Excerpt.of(session, MAX_SESSION);
  }

  private static Assignment.Policy policy(WorkCommand.ItemAssignAgent command, Project project) {
    String usual = project.statuses().contains(USUAL_START) ? USUAL_START : null;
    List<String> done = project.doneStatuses();
    return new Assignment.Policy(
        step("startStatus", command.startStatus(), usual, project),
        step("doneStatus", command.doneStatus(), done.isEmpty() ? null : done.getFirst(), project),
        step("failStatus", command.failStatus(), null, project));
  }

  private static @Nullable String step(
      String field, @Nullable String given, @Nullable String usual, Project project) {
    if (given != null && !project.statuses().contains(given)) {
      throw Fault.invalid(field, "'" + given + "' is no step of the project.").asException();
    }
    return given == null ? usual : given;
  }
}
