package dev.flotilla.command.node;

import dev.flotilla.balance.SessionsReport;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Result.NodePage;
import dev.flotilla.contract.Result.NodeView;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Scope;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The live nodes, as the answering one sees them. How many sessions each has concerns every
/// tenant, so only those see it who may move them.
public record ListNodes(Membership membership, SessionCounts counts) {

  public NodePage handle(CommandContext context) {
    Map<NodeId, SessionsReport> reports =
        context.principal().may(Scope.SESSIONS_MANAGE) ? counts.all() : Map.of();
    return new NodePage(
        membership.nodes().stream().map(node -> view(node, reports.get(node.id()))).toList());
  }

  private static NodeView view(Node node, @Nullable SessionsReport report) {
    return new NodeView(
        node.id(),
        node.roles().stream().map(NodeRole::wireName).sorted().toList(),
        node.url(),
        report == null ? null : report.sessions());
  }
}
