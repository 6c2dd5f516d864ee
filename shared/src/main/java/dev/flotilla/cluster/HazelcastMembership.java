package dev.flotilla.cluster;

import com.hazelcast.cluster.Cluster;
import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.MemberAttributeConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import dev.flotilla.identity.NodeId;
import java.net.URI;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/// The members of the Hazelcast cluster that are nodes of the fleet. Each carries its [Node] as
/// attributes, which arrive together with the member.
public final class HazelcastMembership implements Membership {
  private static final String ID = "flotilla.id";
  private static final String ROLES = "flotilla.roles";
  private static final String URL = "flotilla.url";

  private final Cluster cluster;
  private final Node self;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  HazelcastMembership(HazelcastInstance hazelcast, Node self) {
    this.cluster = hazelcast.getCluster();
    this.self = self;
    cluster.addMembershipListener(new Changes());
    hazelcast
        .getLifecycleService()
        .addLifecycleListener(
            event -> {
              if (event.getState() == LifecycleState.MERGED) {
                changed();
              }
            });
  }

  static void describe(Node node, MemberAttributeConfig attributes) {
    attributes
        .setAttribute(ID, node.id().value())
        .setAttribute(
            ROLES, node.roles().stream().map(NodeRole::name).collect(Collectors.joining(",")))
        .setAttribute(URL, node.url().toString());
  }

  @Override
  public Node self() {
    return self;
  }

  @Override
  public List<Node> nodes() {
    return cluster.getMembers().stream()
        .flatMap(member -> node(member).stream())
        .sorted(Comparator.comparing(node -> node.id().value()))
        .toList();
  }

  @Override
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  private void changed() {
    listeners.forEach(Runnable::run);
  }

  /// Empty for a member that is no node of the fleet.
  private static Optional<Node> node(Member member) {
    String id = member.getAttribute(ID);
    String roles = member.getAttribute(ROLES);
    String url = member.getAttribute(URL);
    if (id == null || roles == null || url == null) {
      return Optional.empty();
    }
    Set<NodeRole> parsed =
        Arrays.stream(roles.split(",", -1)).map(NodeRole::valueOf).collect(Collectors.toSet());
    return Optional.of(new Node(new NodeId(id), parsed, URI.create(url)));
  }

  private final class Changes implements MembershipListener {
    @Override
    public void memberAdded(MembershipEvent event) {
      changed();
    }

    @Override
    public void memberRemoved(MembershipEvent event) {
      changed();
    }
  }
}
