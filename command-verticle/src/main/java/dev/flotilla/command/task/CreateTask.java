package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.TaskId;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// Records a task and queues it.
public record CreateTask(
    TaskStore store, TaskDesk desk, FleetConfig.Command defaults, Clock clock) {

  public TaskView handle(Command.TaskCreate command, CommandContext context) {
    TaskRow task = store.insert(context.sql(), draft(command, context));
    // Who follows a conversation reads what is said in it as it is said.
    TaskView told = task.session() == null ? task.view().withoutPrompt() : task.view();
    context.record(new Fact.TaskChanged(TaskChange.QUEUED, told, null));
    context.effects().afterCommit(() -> desk.queued(task));
    return task.view();
  }

  private TaskStore.Draft draft(Command.TaskCreate command, CommandContext context) {
    return new TaskStore.Draft(
        new TaskId(Ids.next(clock)),
        context.tenant(),
        Objects.requireNonNullElse(command.priority(), Priority.MEDIUM),
        command.prompt(),
        command.session(),
        Objects.requireNonNullElse(command.capabilities(), List.of()),
        Objects.requireNonNullElse(command.labels(), List.of()),
        Objects.requireNonNullElse(command.timeoutMs(), defaults.taskTimeout().toMillis()),
        Objects.requireNonNullElse(command.maxAttempts(), defaults.maxAttempts()),
        context.principal().user().value(),
        context.correlationId(),
        context.now());
  }
}
