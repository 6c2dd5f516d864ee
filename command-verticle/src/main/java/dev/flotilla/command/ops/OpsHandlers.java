package dev.flotilla.command.ops;

import dev.flotilla.command.alert.Webhooks;
import dev.flotilla.command.instance.WishInstance;
import dev.flotilla.command.node.CheckNodes;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.Result;

/// The handlers of commands about instances and routing as a whole.
public record OpsHandlers(
    WishInstance wishInstance,
    ExplainRoute explainRoute,
    RoutePolicies policies,
    ShowTopology topology,
    FindPosition position,
    CheckNodes checkNodes,
    Webhooks webhooks) {

  public Result handle(OpsCommand command, CommandContext context) {
    return switch (command) {
      case OpsCommand.InstanceCordon c -> wishInstance.handle(c, context);
      case OpsCommand.InstanceUncordon c -> wishInstance.handle(c, context);
      case OpsCommand.InstanceDrain c -> wishInstance.handle(c, context);
      case OpsCommand.RouteExplain c -> explainRoute.handle(c, context);
      case OpsCommand.RoutePolicyGet c -> policies.handle(c, context);
      case OpsCommand.RoutePolicySet c -> policies.handle(c, context);
      case OpsCommand.TopologyGet _ -> topology.handle(context);
      case OpsCommand.TaskPosition c -> position.handle(c, context);
      case OpsCommand.NodeCheckup _ -> checkNodes.handle();
      case OpsCommand.WebhookCreate c -> webhooks.handle(c, context);
      case OpsCommand.WebhookList _ -> webhooks.list(context);
      case OpsCommand.WebhookDelete c -> webhooks.handle(c, context);
    };
  }
}
