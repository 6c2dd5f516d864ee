package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.NodeId;
import java.util.List;

/// Cancels a task. One that does not run ends at once. For one that runs the wish is recorded, and
/// the holder of its lease ends the run; a run that succeeds before that has succeeded.
public record CancelTask(TaskStore store, Dependents dependents, TaskDesk desk) {
  /// The reason of the error that a cancelled task has.
  public static final String CANCELLED = "CANCELLED";

  public TaskView handle(Command.TaskCancel command, CommandContext context) {
    TaskRow task =
        store
            .lock(context.sql(), context.tenant(), command.id())
            .orElseThrow(() -> GetTask.notFound(command.id()));
    TaskError why =
        new TaskError(
            CANCELLED,
            command.reason() == null
                ? "Cancelled by " + context.principal().user() + "."
                : command.reason());
    return switch (task.state()) {
      case PENDING, SCHEDULED, RETRYING -> end(task, why, context);
      case RUNNING -> request(task, why, context);
      case SUCCEEDED, FAILED, DEAD, CANCELLED, EXPIRED ->
          throw Fault.of(
                  Reason.WRONG_STATE,
                  "The task is " + task.state().wireName() + " and cannot be cancelled.")
              .asException();
    };
  }

  private TaskView end(TaskRow task, TaskError why, CommandContext context) {
    TaskRow ended = store.cancel(context.sql(), task.id(), why, context.now());
    context.record(
        new Fact.TaskChanged(TaskChange.CANCELLED, ended.view().withoutPrompt(), why.message()));
    dependents.ended(context.sql(), context.effects(), ended, context.now());
    context.effects().afterCommit(() -> desk.ended(List.of(ended)));
    return ended.view();
  }

  private TaskView request(TaskRow task, TaskError why, CommandContext context) {
    if (task.cancelRequested()) {
      return task.view();
    }
    TaskRow asked = store.requestCancel(context.sql(), task.id(), why);
    NodeId holder = task.leaseNode();
    if (holder != null) {
      context.effects().afterCommit(() -> desk.cancelRequested(holder));
    }
    return asked.view();
  }
}
