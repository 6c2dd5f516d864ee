package dev.flotilla.command.task.rule;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.command.task.budget.PolicyStore;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.QueueResult.QueuePolicy;

/// Reads and sets what a tenant, or the fleet, may use of the queue.
public record QueuePolicies(PolicyStore policies, TaskDesk desk) {

  public QueuePolicy handle(QueueCommand.QueuePolicyGet command, CommandContext context) {
    String subject = Subject.of(command.tenant(), command.fleet(), "fleet", context);
    return policies.of(context.sql(), subject);
  }

  public QueuePolicy handle(QueueCommand.QueuePolicySet command, CommandContext context) {
    String subject = Subject.of(command.tenant(), command.fleet(), "fleet", context);
    QueuePolicy before = policies.of(context.sql(), subject);
    policies.set(
        context.sql(), subject, command, context.principal().user().value(), context.now());
    context.effects().afterCommit(desk::rulesChanged);
    QueuePolicy after = policies.of(context.sql(), subject);
    context.changed(before, after);
    return after;
  }
}
