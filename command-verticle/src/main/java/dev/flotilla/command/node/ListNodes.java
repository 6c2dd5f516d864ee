package dev.flotilla.command.node;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.contract.Result.NodePage;
import dev.flotilla.contract.Result.NodeView;

/// The live nodes, as the answering one sees them.
public record ListNodes(Membership membership) {

  public NodePage handle() {
    return new NodePage(
        membership.nodes().stream()
            .map(
                node ->
                    new NodeView(
                        node.id(),
                        node.roles().stream().map(NodeRole::wireName).sorted().toList(),
                        node.url()))
            .toList());
  }
}
