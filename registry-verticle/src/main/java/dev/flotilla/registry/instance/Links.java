package dev.flotilla.registry.instance;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.cluster.Rendezvous;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.link.Link;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The links that this node holds: one for each instance that rendezvous hashing over the live
/// registry nodes gives to it.
public final class Links {
  private record Held(Instance instance, Link link) {}

  private final Map<InstanceId, Held> held = new HashMap<>();
  private final Membership membership;
  private final Function<Instance, Link> open;

  public Links(Membership membership, Function<Instance, Link> open) {
    this.membership = membership;
    this.open = open;
  }

  /// The node that holds, or should hold, the link; null where no registry node lives.
  public @Nullable NodeId owner(InstanceId instance) {
    return owner(instance, membership.withRole(NodeRole.REGISTRY));
  }

  static @Nullable NodeId owner(InstanceId instance, List<Node> nodes) {
    List<Node> ranked = Rendezvous.rank(instance.value(), nodes, node -> node.id().value());
    return ranked.isEmpty() ? null : ranked.getFirst().id();
  }

  /// Opens what is missing and lets go of what is another node's or nobody's.
  public void settle(Collection<Instance> registered) {
    Map<InstanceId, Instance> wanted = new HashMap<>();
    registered.forEach(instance -> wanted.put(instance.id(), instance));
    for (Held current : List.copyOf(held.values())) {
      InstanceId id = current.instance().id();
      Instance desired = wanted.get(id);
      if (desired == null) {
        held.remove(id);
        current.link().abandon();
      } else if (!isMine(id) || !desired.sameEndpoint(current.instance())) {
        held.remove(id);
        current.link().close();
      } else {
        held.put(id, new Held(desired, current.link()));
      }
    }
    wanted.values().stream()
        .filter(instance -> isMine(instance.id()) && !held.containsKey(instance.id()))
        .forEach(instance -> held.put(instance.id(), new Held(instance, open.apply(instance))));
  }

  private boolean isMine(InstanceId id) {
    return membership.self().id().equals(owner(id));
  }

  public @Nullable Link find(InstanceId id) {
    Held found = held.get(id);
    return found == null ? null : found.link();
  }

  public void forEach(BiConsumer<Instance, Link> action) {
    List.copyOf(held.values()).forEach(each -> action.accept(each.instance(), each.link()));
  }

  public Future<Void> close() {
    List<Future<Void>> closing = new ArrayList<>();
    held.values().forEach(each -> closing.add(each.link().close()));
    held.clear();
    return Future.join(closing).mapEmpty();
  }
}
