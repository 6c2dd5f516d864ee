package dev.flotilla.registry.instance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.contract.PeerCommand;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.link.Link;
import dev.flotilla.registry.link.Observation;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinksTest {
  private final List<String> told = new ArrayList<>();

  private record Fleet(Node self, List<Node> nodes) implements Membership {
    @Override
    public void onChange(Runnable listener) {
      // These fleets stand still.
    }
  }

  private record Recorded(String name, List<String> told) implements Link {
    @Override
    public Observation observation() {
      return new Observation(
          InstanceState.READY, "", Instant.EPOCH, null, 0, LinkView.of(LinkStatus.CONNECTED));
    }

    @Override
    public RunState ensure(RunOrder order) {
      return new RunState.Going();
    }

    @Override
    public Future<RunState> cancel(RunCancel cancel) {
      return Future.succeededFuture(new RunState.Going());
    }

    @Override
    public Future<RunText> text(RunTextAsk ask) {
      return Future.succeededFuture(RunText.unknown(ask.attempt()));
    }

    @Override
    public Future<PeerResult> ask(PeerCommand command) {
      return Future.failedFuture("nobody asks here");
    }

    @Override
    public void tick() {
      told.add("tick " + name);
    }

    @Override
    public Future<Void> abandon() {
      told.add("abandon " + name);
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> close() {
      told.add("close " + name);
      return Future.succeededFuture();
    }
  }

  private static Node node(String id, NodeRole... roles) {
    return new Node(new NodeId(id), Set.of(roles), URI.create("http://127.0.0.1"));
  }

  private static Instance instance(String id, String url) {
    return instance(id, url, 1);
  }

  private static Instance instance(String id, String url, int maxConcurrency) {
    return new Instance(
        new InstanceId(id),
        new TenantId("acme"),
        false,
        URI.create(url),
        new Credentials(new Secret("t"), null, null),
        Set.of(),
        maxConcurrency);
  }

  private Links links(Membership fleet) {
    return new Links(
        fleet,
        instance -> {
          told.add("open " + instance.id());
          return new Recorded(instance.id().value(), told);
        });
  }

  @Test
  void everyInstanceHasExactlyOneOwnerAmongRegistryNodes() {
    List<Node> nodes =
        List.of(
            node("a", NodeRole.REGISTRY),
            node("b", NodeRole.REGISTRY, NodeRole.GATEWAY),
            node("c", NodeRole.GATEWAY));
    List<Instance> all =
        IntStream.range(0, 50).mapToObj(i -> instance("i-" + i, "ws://h:1")).toList();
    links(new Fleet(nodes.get(2), nodes)).settle(all);
    assertThat(told).as("owned by a node that is no registry").isEmpty();
    links(new Fleet(nodes.get(0), nodes)).settle(all);
    assertThat(told).hasSizeBetween(10, 40);
    links(new Fleet(nodes.get(1), nodes)).settle(all);
    assertThat(told).hasSize(50).doesNotHaveDuplicates();
  }

  @Test
  void aRemovedInstanceIsAbandonedAndAMovedOneIsOnlyClosed() {
    Node self = node("a", NodeRole.REGISTRY);
    Links links = links(new Fleet(self, List.of(self)));
    links.settle(List.of(instance("gone", "ws://h:1"), instance("moved", "ws://h:2")));
    told.clear();
    links.settle(List.of(instance("moved", "ws://h:3")));
    assertThat(told).containsExactlyInAnyOrder("abandon gone", "close moved", "open moved");
  }

  @Test
  void aChangeThatDoesNotConcernTheConnectionKeepsTheLink() {
    Node self = node("a", NodeRole.REGISTRY);
    Links links = links(new Fleet(self, List.of(self)));
    links.settle(List.of(instance("one", "ws://h:1", 1)));
    links.settle(List.of(instance("one", "ws://h:1", 9)));
    assertThat(told).containsExactly("open one");
    links.forEach((instance, _) -> assertThat(instance.maxConcurrency()).isEqualTo(9));
  }

  @Test
  void settlingAgainChangesNothing() {
    Node self = node("a", NodeRole.REGISTRY);
    Links links = links(new Fleet(self, List.of(self)));
    links.settle(List.of(instance("one", "ws://h:1")));
    links.settle(List.of(instance("one", "ws://h:1")));
    assertThat(told).containsExactly("open one");
  }
}
