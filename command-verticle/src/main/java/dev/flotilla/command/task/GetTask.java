package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.TaskId;

/// Reads one task. Another tenant's does not exist.
public record GetTask(TaskStore store) {

  public TaskView handle(Command.TaskGet command, CommandContext context) {
    return store
        .find(context.sql(), context.tenant(), command.id())
        .orElseThrow(() -> notFound(command.id()))
        .view();
  }

  static RuntimeException notFound(TaskId id) {
    return Fault.notFound("task", id.value()).asException();
  }
}
