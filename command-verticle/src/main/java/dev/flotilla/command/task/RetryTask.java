package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import java.util.List;

/// Queues an ended task again, with all its attempts before it.
public record RetryTask(TaskStore store, TaskDesk desk) {

  public TaskView handle(Command.TaskRetry command, CommandContext context) {
    TaskRow task =
        store
            .lock(context.sql(), context.tenant(), command.id())
            .orElseThrow(() -> GetTask.notFound(command.id()));
    return switch (task.state()) {
      case FAILED, DEAD, CANCELLED, EXPIRED -> requeue(task, context);
      case SCHEDULED, PENDING, RUNNING, RETRYING, SUCCEEDED ->
          throw Fault.of(
                  Reason.WRONG_STATE,
                  "The task is " + task.state().wireName() + " and cannot be retried.")
              .asException();
    };
  }

  private TaskView requeue(TaskRow task, CommandContext context) {
    TaskRow queued = store.requeue(context.sql(), List.of(task.id())).getFirst();
    String reason = "Retried by " + context.principal().user() + ".";
    context.record(new Fact.TaskChanged(TaskChange.QUEUED, queued.view().withoutPrompt(), reason));
    context.effects().afterCommit(() -> desk.queuedAgain(List.of(queued)));
    return queued.view();
  }
}
