package dev.flotilla.cluster;

import dev.flotilla.identity.NodeId;
import java.net.URI;
import java.util.Set;

/// A live node.
///
/// @param url where its gateway serves, or would serve
public record Node(NodeId id, Set<NodeRole> roles, URI url) {
  public Node {
    roles = Set.copyOf(roles);
  }
}
