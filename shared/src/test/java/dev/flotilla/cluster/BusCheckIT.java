package dev.flotilla.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.bus.Echo;
import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.identity.NodeId;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.Ports;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two members in one JVM, whose registrations are damaged on purpose.
class BusCheckIT {
  private static final Duration ASK = Duration.ofSeconds(1);

  private record Member(
      HazelcastCluster cluster, Bus bus, SimpleMeterRegistry meters, Readiness readiness) {

    double repairs() {
      return meters.counter(MeterNames.BUS_REPAIRS).count();
    }

    boolean isReady() {
      return readiness.check(ASK).await().stream().allMatch(Readiness.Part::ready);
    }
  }

  private final List<Member> members = new ArrayList<>();
  private final int[] ports = {Ports.free(), Ports.free()};

  @BeforeEach
  void join() {
    members.add(member("a", 0));
    members.add(member("b", 1));
    await().until(() -> members.stream().allMatch(Member::isReady));
  }

  @AfterEach
  void leave() {
    members.forEach(member -> member.cluster().vertx().close().await());
  }

  private FleetConfig.Cluster config(int port, String silenceLimit) {
    try {
      return ConfigLoader.load(
              null,
              Map.of(
                  "FLOTILLA_IDENTITY_SECRET",
                  "a secret that only tests use, 32 long",
                  "FLOTILLA_CLUSTER_NAME",
                  "bus-check-" + ports[0],
                  "FLOTILLA_CLUSTER_PORT",
                  Integer.toString(port),
                  "FLOTILLA_CLUSTER_SILENCE_LIMIT",
                  silenceLimit,
                  "FLOTILLA_CLUSTER_BUS_CHECK_INTERVAL",
                  "100ms",
                  "FLOTILLA_CLUSTER_MEMBERS",
                  "127.0.0.1:" + ports[0] + ",127.0.0.1:" + ports[1]))
          .cluster();
    } catch (ConfigException wrong) {
      throw new IllegalStateException(wrong);
    }
  }

  private Member member(String id, int index) {
    FleetConfig.Cluster config = config(ports[index], "60s");
    Node self =
        new Node(
            new NodeId(id), EnumSet.allOf(NodeRole.class), URI.create("http://127.0.0.1:8080"));
    HazelcastCluster cluster =
        HazelcastCluster.join(config, self, new VertxOptions(), Vertx.builder()).await();
    Member member =
        new Member(
            cluster,
            new Bus(cluster.vertx(), Clock.systemUTC()),
            new SimpleMeterRegistry(),
            new Readiness());
    BusCheck.deploy(
            cluster.vertx(),
            new BusCheck.Wiring(
                cluster,
                member.bus(),
                config.busCheckInterval(),
                member.meters(),
                member.readiness(),
                Clock.systemUTC()))
        .await();
    return member;
  }

  @Test
  void everyNodeSeesEveryNodeWithItsRolesAndUrl() {
    await()
        .untilAsserted(
            () ->
                assertThat(members)
                    .allSatisfy(
                        member -> {
                          assertThat(member.cluster().membership().nodes())
                              .extracting(node -> node.id().value())
                              .containsExactly("a", "b");
                          assertThat(member.cluster().membership().withRole(NodeRole.REGISTRY))
                              .hasSize(2);
                          assertThat(member.meters().get(MeterNames.NODES).gauge().value())
                              .isEqualTo(2);
                        }));
  }

  @Test
  void everyPairIsTimed() {
    assertThat(members.get(0).meters().get(MeterNames.BUS_ROUND_TRIP).tag("peer", "b").timer())
        .satisfies(timer -> assertThat(timer.count()).isPositive());
  }

  @Test
  void aHealthyBusIsNotRepaired() {
    // On a machine that stands still both are late, which is a sign, too: then it begins anew.
    await()
        .until(
            () -> {
              double repairs = repairs();
              long before = rounds();
              await().until(() -> rounds() > before + 20);
              return repairs() == repairs;
            });
  }

  @Test
  void lostRegistrationsComeBack() {
    AtomicInteger heard = new AtomicInteger();
    members.get(1).bus().listen(Addresses.QUEUE, _ -> heard.incrementAndGet()).ready().await();
    hazelcast().getMultiMap("__vertx.subs").clear();

    await()
        .untilAsserted(
            () -> {
              members.get(0).bus().publish(Addresses.QUEUE, new Bell());
              assertThat(heard.get()).isPositive();
            });
    await().until(() -> echoes(0, "b") && echoes(1, "a"));
    assertThat(members.get(1).repairs()).isPositive();
  }

  @Test
  void aLostBusAddressOfANodeComesBack() {
    members.get(0).cluster().vertx().close().await();
    hazelcast().getMap("__vertx.nodeInfo").clear();
    members.set(0, member("a", 0));
    await().until(() -> echoes(0, "b") && echoes(1, "a"));
  }

  @Test
  void aSecondNodeOfTheSameNameIsRefused() {
    Node namesake = members.get(0).cluster().membership().self();
    HazelcastCluster second =
        HazelcastCluster.join(
                config(Ports.free(), "2s"), namesake, new VertxOptions(), Vertx.builder())
            .await();
    Throwable refusal = catchThrowable(() -> second.requireOwnName(Duration.ofSeconds(1)).await());
    second.vertx().close().await();
    assertThat(refusal)
        .hasMessageContaining("has a node 'a' already")
        .hasMessageContaining("node.id");
    await().until(() -> members.get(0).cluster().membership().nodes().size() == 2);
  }

  @Test
  void aRenewedConsumerAnswersOnceAndCanBeClosed() {
    Member listener = members.get(1);
    var registration =
        listener
            .bus()
            .answer(Addresses.echo(new NodeId("x")), io.vertx.core.Future::succeededFuture);
    registration.ready().await();
    listener.bus().renew().await();
    listener.bus().renew().await();
    await().until(() -> echoes(0, "x"));

    registration.close().await();
    assertThat(listener.bus().addresses()).doesNotContain("node.x.echo");
    listener.bus().renew().await();
    await().until(() -> !echoes(0, "x"));
  }

  private double repairs() {
    return members.stream().mapToDouble(Member::repairs).sum();
  }

  private long rounds() {
    return members.get(0).meters().get(MeterNames.BUS_ROUND_TRIP).tag("peer", "b").timer().count();
  }

  private boolean echoes(int from, String to) {
    return members
        .get(from)
        .bus()
        .ask(Addresses.echo(new NodeId(to)), new Echo(new NodeId("test")), ASK)
        .map(true)
        .otherwise(false)
        .await();
  }

  private HazelcastInstance hazelcast() {
    return Hazelcast.getAllHazelcastInstances().iterator().next();
  }
}
