package dev.flotilla.testkit;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.identity.NodeId;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;

/// A fleet of one node with every role, without a cluster.
public record LoneMembership(Node self) implements Membership {

  public static LoneMembership named(String id) {
    return new LoneMembership(
        new Node(
            new NodeId(id), EnumSet.allOf(NodeRole.class), URI.create("http://127.0.0.1:8080")));
  }

  @Override
  public List<Node> nodes() {
    return List.of(self);
  }

  @Override
  public void onChange(Runnable listener) {
    // A fleet of one never changes.
  }
}
