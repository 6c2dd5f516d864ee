package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult.TaskAttempts;

/// Lists what was tried for a task.
public record ListAttempts(TaskStore store, AttemptStore attempts) {

  public TaskAttempts handle(QueueCommand.TaskAttempts command, CommandContext context) {
    if (store.find(context.sql(), context.tenant(), command.id()).isEmpty()) {
      throw GetTask.notFound(command.id());
    }
    return new TaskAttempts(command.id(), attempts.of(context.sql(), command.id()));
  }
}
