package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult;
import dev.flotilla.contract.Result.TaskView;
import java.util.List;

/// Records tasks and queues them, one or many.
public record CreateTask(NewTasks tasks) {

  public TaskView handle(Command.TaskCreate command, CommandContext context) {
    return create(List.of(command), context).getFirst().view();
  }

  public QueueResult.TaskBatch handle(QueueCommand.TaskBatch command, CommandContext context) {
    return new QueueResult.TaskBatch(
        create(command.tasks(), context).stream().map(TaskRow::id).toList());
  }

  private List<TaskRow> create(List<Command.TaskCreate> commands, CommandContext context) {
    return tasks.create(commands, Author.of(context), null, context.sql(), context.effects());
  }
}
