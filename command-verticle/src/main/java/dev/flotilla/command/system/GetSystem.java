package dev.flotilla.command.system;

import dev.flotilla.command.instance.ListInstances;
import dev.flotilla.command.node.ListNodes;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.InstanceCount;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.contract.Result.SystemView;
import dev.flotilla.identity.Scope;
import dev.flotilla.telemetry.Version;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How the fleet is, as far as it serves one tenant: what other tenants have is not even counted.
public record GetSystem(ListNodes nodes, ListInstances instances, TaskStore tasks) {

  /// It takes the scopes of all that it counts.
  public SystemView handle(CommandContext context) {
    context.principal().require(Scope.INSTANCES_READ);
    context.principal().require(Scope.TASKS_READ);
    return new SystemView(
        Version.CURRENT,
        nodes.handle(context).items(),
        count(instances.handle(context).items()),
        tasks.countOpen(context.sql(), context.tenant()));
  }

  private static List<InstanceCount> count(List<InstanceView> instances) {
    Map<InstanceState, Integer> counts = new EnumMap<>(InstanceState.class);
    instances.forEach(instance -> counts.merge(instance.state(), 1, Integer::sum));
    return counts.entrySet().stream()
        .map(each -> new InstanceCount(each.getKey(), each.getValue()))
        .toList();
  }
}
