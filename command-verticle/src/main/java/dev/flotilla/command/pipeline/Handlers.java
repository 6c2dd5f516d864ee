package dev.flotilla.command.pipeline;

import dev.flotilla.command.account.AccessHandlers;
import dev.flotilla.command.agent.ListAgents;
import dev.flotilla.command.alert.RaiseAlert;
import dev.flotilla.command.instance.GetInstance;
import dev.flotilla.command.instance.InstanceDesk;
import dev.flotilla.command.instance.ListInstances;
import dev.flotilla.command.instance.RegisterInstance;
import dev.flotilla.command.instance.RemoveInstance;
import dev.flotilla.command.node.ListNodes;
import dev.flotilla.command.node.RebalanceNodes;
import dev.flotilla.command.ops.OpsHandlers;
import dev.flotilla.command.peer.PeerDesk;
import dev.flotilla.command.presence.ListPresence;
import dev.flotilla.command.retention.RetentionPolicies;
import dev.flotilla.command.system.GetSystem;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.CreateTask;
import dev.flotilla.command.task.GetTask;
import dev.flotilla.command.task.ListTasks;
import dev.flotilla.command.task.RetryTask;
import dev.flotilla.command.task.ask.QueueHandlers;
import dev.flotilla.command.tenant.Quotas;
import dev.flotilla.command.tenant.TenantHandlers;
import dev.flotilla.command.thread.ReadThread;
import dev.flotilla.command.thread.ThreadDesk;
import dev.flotilla.command.work.ask.WorkHandlers;
import dev.flotilla.contract.AccessCommand;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.InstanceCommand;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.QueueCommand;
import dev.flotilla.contract.Result;
import dev.flotilla.contract.RetentionCommand;
import dev.flotilla.contract.TenantCommand;
import dev.flotilla.contract.ThreadCommand;
import dev.flotilla.contract.WorkCommand;

/// One handler for every command. The switch has no default: a new command does not compile until
/// it has its line here.
public record Handlers(
    CreateTask createTask,
    GetTask getTask,
    ListTasks listTasks,
    CancelTask cancelTask,
    RetryTask retryTask,
    QueueHandlers queue,
    OpsHandlers ops,
    AccessHandlers access,
    WorkHandlers work,
    TenantHandlers tenants,
    Quotas quotas,
    ReadThread readThread,
    ThreadDesk threads,
    RetentionPolicies retention,
    ListAgents listAgents,
    RegisterInstance registerInstance,
    InstanceDesk instances,
    PeerDesk peers,
    GetInstance getInstance,
    ListInstances listInstances,
    RemoveInstance removeInstance,
    GetSystem getSystem,
    ListNodes listNodes,
    RebalanceNodes rebalanceNodes,
    ListPresence listPresence,
    RaiseAlert raiseAlert) {

  Result handle(Command command, CommandContext context) {
    quotas.require(command, context);
    return switch (command) {
      case Command.TaskCreate c -> createTask.handle(c, context);
      case Command.TaskGet c -> getTask.handle(c, context);
      case Command.TaskList c -> listTasks.handle(c, context);
      case Command.TaskCancel c -> cancelTask.handle(c, context);
      case Command.TaskRetry c -> retryTask.handle(c, context);
      case QueueCommand c -> queue.handle(c, context);
      case OpsCommand c -> ops.handle(c, context);
      case AccessCommand c -> access.handle(c, context);
      case WorkCommand c -> work.handle(c, context);
      case TenantCommand c -> tenants.handle(c, context);
      case Command.ThreadHistory c -> readThread.handle(c, context);
      case ThreadCommand c -> threads.handle(c, context);
      case RetentionCommand c -> retention.handle(c, context);
      case Command.AgentList _ -> listAgents.handle(context);
      case Command.InstanceRegister c -> registerInstance.handle(c, context);
      case PeerCommand c -> peers.handle(c, context);
      case InstanceCommand c -> instances.handle(c, context);
      case Command.InstanceGet c -> getInstance.handle(c, context);
      case Command.InstanceList _ -> listInstances.handle(context);
      case Command.InstanceRemove c -> removeInstance.handle(c, context);
      case Command.SystemGet _ -> getSystem.handle(context);
      case Command.PresenceList c -> listPresence.handle(c, context);
      case Command.AlertRaise c -> raiseAlert.handle(c, context);
      case Command.NodeList _ -> listNodes.handle(context);
      case Command.NodeRebalance c -> rebalanceNodes.handle(c, context);
    };
  }
}
