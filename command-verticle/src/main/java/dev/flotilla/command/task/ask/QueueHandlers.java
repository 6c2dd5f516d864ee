package dev.flotilla.command.task.ask;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.CreateTask;
import dev.flotilla.command.task.ListAttempts;
import dev.flotilla.command.task.dead.DeadLetterDesk;
import dev.flotilla.command.task.life.WaitForTask;
import dev.flotilla.command.task.rule.PauseQueue;
import dev.flotilla.command.task.rule.QueuePolicies;
import dev.flotilla.command.task.rule.ReadStats;
import dev.flotilla.command.task.schedule.ScheduleDesk;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.Result;

/// The handlers of commands about the queue as a whole.
public record QueueHandlers(
    CreateTask createTask,
    ListAttempts listAttempts,
    WaitForTask waitForTask,
    DeadLetterDesk deadLetters,
    ReadStats readStats,
    PauseQueue pauseQueue,
    QueuePolicies policies,
    ScheduleDesk schedules) {

  public Result handle(QueueCommand command, CommandContext context) {
    return switch (command) {
      case QueueCommand.TaskBatch c -> createTask.handle(c, context);
      case QueueCommand.TaskAttempts c -> listAttempts.handle(c, context);
      case QueueCommand.TaskWait c -> waitForTask.handle(c, context);
      case QueueCommand.DeadLetterList c -> deadLetters.handle(c, context);
      case QueueCommand.DeadLetterReplay c -> deadLetters.handle(c, context);
      case QueueCommand.DeadLetterPurge c -> deadLetters.handle(c, context);
      case QueueCommand.QueueStats _ -> readStats.handle(context);
      case QueueCommand.QueuePause c -> pauseQueue.handle(c, context);
      case QueueCommand.QueueResume c -> pauseQueue.handle(c, context);
      case QueueCommand.QueuePolicyGet c -> policies.handle(c, context);
      case QueueCommand.QueuePolicySet c -> policies.handle(c, context);
      case QueueCommand.ScheduleCreate c -> schedules.handle(c, context);
      case QueueCommand.ScheduleList _ -> schedules.list(context);
      case QueueCommand.ScheduleGet c -> schedules.handle(c, context);
      case QueueCommand.ScheduleUpdate c -> schedules.handle(c, context);
      case QueueCommand.ScheduleDelete c -> schedules.handle(c, context);
    };
  }
}
