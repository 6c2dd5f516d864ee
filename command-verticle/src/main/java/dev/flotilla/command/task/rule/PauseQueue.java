package dev.flotilla.command.task.rule;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult.QueuePauses;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;

/// Stops the queue for a tenant or for all, one level or all, and lets it go on. What runs goes on
/// in any case.
public record PauseQueue(PauseStore pauses, TaskDesk desk) {

  public QueuePauses handle(QueueCommand.QueuePause command, CommandContext context) {
    String subject = Subject.of(command.tenant(), command.allTenants(), "allTenants", context);
    pauses.pause(
        context.sql(),
        PauseStore.Scope.of(subject, command.priority()),
        command.reason(),
        context.principal().user().value(),
        context.now());
    return changed(subject, context);
  }

  public QueuePauses handle(QueueCommand.QueueResume command, CommandContext context) {
    String subject = Subject.of(command.tenant(), command.allTenants(), "allTenants", context);
    PauseStore.Scope scope = PauseStore.Scope.of(subject, command.priority());
    if (!pauses.resume(context.sql(), scope)) {
      throw Fault.of(
              Reason.WRONG_STATE,
              "There is no pause of "
                  + (command.priority() == null ? "all levels" : "this level alone")
                  + " here.")
          .asException();
    }
    return changed(subject, context);
  }

  private QueuePauses changed(String subject, CommandContext context) {
    context.effects().afterCommit(desk::rulesChanged);
    return new QueuePauses(pauses.of(context.sql(), subject));
  }
}
