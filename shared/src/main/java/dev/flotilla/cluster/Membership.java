package dev.flotilla.cluster;

import java.util.List;

/// The live nodes of the fleet, as this node sees them.
public interface Membership {
  Node self();

  /// All live nodes, this one included, ordered by id.
  List<Node> nodes();

  /// Runs the listener on every change, on a thread of the cluster: hop to your own context.
  void onChange(Runnable listener);

  default List<Node> withRole(NodeRole role) {
    return nodes().stream().filter(node -> node.roles().contains(role)).toList();
  }
}
