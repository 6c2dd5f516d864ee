package dev.flotilla.command.ops;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.command.instance.ListInstances;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.OpsResult.NodeLinks;
import dev.flotilla.contract.OpsResult.RegionView;
import dev.flotilla.contract.OpsResult.TopologyView;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.identity.Scope;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The whole picture, as far as the caller's tenant may see it: nodes, the links that they own, and
/// instances by region.
public record ShowTopology(Membership membership, ListInstances instances) {
  private static final String NOWHERE = "";

  public TopologyView handle(CommandContext context) {
    context.principal().require(Scope.INSTANCES_READ);
    List<InstanceView> seen = instances.handle(context).items();
    Map<String, List<InstanceView>> byRegion =
        seen.stream()
            .collect(
                Collectors.groupingBy(
                    each -> Objects.requireNonNullElse(each.region(), NOWHERE),
                    TreeMap::new,
                    Collectors.toList()));
    return new TopologyView(
        membership.nodes().stream().map(node -> links(node, seen)).toList(),
        byRegion.entrySet().stream().map(each -> region(each.getKey(), each.getValue())).toList(),
        seen);
  }

  private static NodeLinks links(Node node, List<InstanceView> seen) {
    return new NodeLinks(
        node.id(),
        node.roles().stream().map(NodeRole::wireName).sorted().toList(),
        node.url(),
        seen.stream()
            .filter(each -> node.id().equals(each.owner()) && each.staleSince() == null)
            .map(InstanceView::id)
            .toList());
  }

  private static RegionView region(String name, List<InstanceView> there) {
    return new RegionView(
        name.equals(NOWHERE) ? null : name,
        there.size(),
        (int) there.stream().filter(each -> each.state() == InstanceState.READY).count(),
        there.stream().mapToInt(each -> Objects.requireNonNullElse(each.slots(), 0)).sum(),
        there.stream().mapToInt(each -> Objects.requireNonNullElse(each.running(), 0)).sum());
  }
}
