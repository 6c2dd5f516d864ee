package dev.flotilla.gateway.ingest;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.cluster.Rendezvous;
import dev.flotilla.identity.NodeId;
import java.util.List;

/// Which of the live gateway nodes speaks for a channel. All nodes hear every message; the owner
/// alone publishes it.
final class Shards {
  private final Membership membership;
  private volatile List<NodeId> gateways;

  Shards(Membership membership) {
    this.membership = membership;
    this.gateways = gateways(membership);
    membership.onChange(() -> gateways = gateways(membership));
  }

  boolean isMine(String channel) {
    List<NodeId> ranked = Rendezvous.rank(channel, gateways, NodeId::value);
    return !ranked.isEmpty() && ranked.getFirst().equals(membership.self().id());
  }

  private static List<NodeId> gateways(Membership membership) {
    return membership.withRole(NodeRole.GATEWAY).stream().map(Node::id).toList();
  }
}
