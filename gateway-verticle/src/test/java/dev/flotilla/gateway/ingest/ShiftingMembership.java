package dev.flotilla.gateway.ingest;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.identity.NodeId;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// A fleet whose nodes come and go as a test says.
final class ShiftingMembership {
  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  private record View(ShiftingMembership fleet, Node self) implements Membership {
    @Override
    public List<Node> nodes() {
      return List.copyOf(fleet.nodes);
    }

    @Override
    public void onChange(Runnable listener) {
      fleet.listeners.add(listener);
    }
  }

  /// The fleet as the new node sees it.
  Membership join(String name, NodeRole... roles) {
    Node node = new Node(new NodeId(name), Set.of(roles), URI.create("http://127.0.0.1:1"));
    nodes.add(node);
    listeners.forEach(Runnable::run);
    return new View(this, node);
  }

  void leave(String name) {
    nodes.removeIf(node -> node.id().value().equals(name));
    listeners.forEach(Runnable::run);
  }
}
