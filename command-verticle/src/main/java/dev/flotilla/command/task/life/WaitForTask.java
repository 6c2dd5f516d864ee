package dev.flotilla.command.task.life;

import dev.flotilla.command.Fibers;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.GetTask;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.Result.TaskView;
import io.vertx.core.Promise;
import java.time.Duration;

/// Waits until a task has ended, and answers how it is then.
///
/// @param longest what a command may take, less some
public record WaitForTask(GetTask tasks, Waiters waiters, Fibers fibers, Duration longest) {

  public TaskView handle(QueueCommand.TaskWait command, CommandContext context) {
    Command.TaskGet get = new Command.TaskGet(command.id());
    TaskView now = tasks.handle(get, context);
    Long asked = command.timeoutMs();
    long limit = asked == null ? longest.toMillis() : Math.min(asked, longest.toMillis());
    if (now.state().terminal() || limit == 0) {
      return now;
    }
    Promise<Void> bell = waiters.add(command.id());
    try {
      fibers.pause(Duration.ofMillis(limit), bell);
    } finally {
      waiters.remove(command.id(), bell);
    }
    return tasks.handle(get, context);
  }
}
