package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.NODE_LIST;
import static dev.flotilla.contract.CommandKind.NODE_REBALANCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.balance.SessionsOrder;
import dev.flotilla.balance.SessionsReport;
import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.contract.Result.NodePage;
import dev.flotilla.contract.Result.NodeShare;
import dev.flotilla.contract.Result.NodesRebalanced;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Nodes and their sessions, with one gateway by script.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NodesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final NodeId NODE = new NodeId("n1");
  private static final Principal OPS = CommandFleet.principal("acme", "ops", Role.PLATFORM);

  private final CommandFleet fleet = new CommandFleet(Map.of(), "n1");
  private final List<SessionsOrder> orders = new CopyOnWriteArrayList<>();
  private volatile SessionsReport report = new SessionsReport(NODE, 12, 0, false);

  NodesIT() {
    fleet
        .bus
        .answer(
            Addresses.sessions(NODE),
            order -> {
              orders.add(order);
              return Future.succeededFuture(report);
            })
        .ready()
        .await();
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void sessionsAreShownToThoseWhoMayMoveThem() {
    // A node that is slow to answer is shown without them.
    await()
        .untilAsserted(
            () ->
                assertThat(fleet.ask(OPS, NODE_LIST, "{}", null, NodePage.class).items())
                    .singleElement()
                    .satisfies(node -> assertThat(node.sessions()).isEqualTo(12)));
    assertThat(fleet.ask(CommandFleet.ALICE, NODE_LIST, "{}", null, NodePage.class).items())
        .singleElement()
        .satisfies(node -> assertThat(node.sessions()).isNull());
  }

  @Test
  void aFleetOfOneNodeIsEven() {
    report = new SessionsReport(NODE, 12, 0, false);
    NodesRebalanced even = new NodesRebalanced(0, List.of(new NodeShare(NODE, 12, 0, 0)));
    await().untilAsserted(() -> assertThat(rebalanced()).isEqualTo(even));
    assertThat(orders).containsOnly(SessionsOrder.COUNT);
  }

  private NodesRebalanced rebalanced() {
    String key = Ids.next(fleet.clock);
    return fleet.ask(OPS, NODE_REBALANCE, "{}", key, NodesRebalanced.class);
  }

  @Test
  void whileSessionsMoveNoMoreAreMoved() {
    report = new SessionsReport(NODE, 12, 3, false);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        fleet
                            .refused(OPS, NODE_REBALANCE, Map.of(), Ids.next(fleet.clock))
                            .reason())
                    .isEqualTo(Reason.IN_PROGRESS));
    report = new SessionsReport(NODE, 12, 0, false);
  }

  @Test
  void onlyAGatewayNodeThatAnswersCanBeNamedAndOnlyByThoseWhoMayMoveSessions() {
    Map<String, Object> params = Map.of("node", "elsewhere");
    assertThat(fleet.refused(OPS, NODE_REBALANCE, params, "named").reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.refused(CommandFleet.ALICE, NODE_REBALANCE, Map.of(), "not me").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(fleet.refused(OPS, NODE_REBALANCE, Map.of("fraction", 0), "nothing").field())
        .isEqualTo("fraction");
  }

  @Test
  void aNodeWhoseCommandsAreHeldUpSaysSo() {
    HeldTime time = new HeldTime();
    Clock clock = time.withZone(ZoneOffset.UTC);
    Readiness readiness = new Readiness();
    Vertx vertx = Vertx.vertx();
    Bus bus = new Bus(vertx, clock);
    Stores stores = Stores.open(vertx, fleet.config);
    vertx
        .deployVerticle(
            new CommandVerticle(
                new Wiring(
                    fleet.config,
                    LoneMembership.named("n9"),
                    bus,
                    stores,
                    new EventLog(stores.postgres(), bus, clock),
                    new SimpleMeterRegistry(),
                    readiness,
                    clock)),
            new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
        .await();
    Duration quiet = Duration.ofSeconds(3);
    await().until(() -> readiness.stuck(Duration.ZERO).contains("command"));
    time.hold();
    await().atMost(PATIENCE).until(() -> readiness.stuck(quiet).contains("command"));
    time.letGo();
    await().atMost(PATIENCE).until(() -> readiness.stuck(quiet).isEmpty());
    vertx.close().await();
    assertThat(readiness.stuck(Duration.ZERO)).isEmpty();
  }

  /// Holds up whoever asks it for the time on a virtual thread, as work that blocks would.
  private static final class HeldTime implements InstantSource {
    private volatile CountDownLatch open = new CountDownLatch(0);

    void hold() {
      open = new CountDownLatch(1);
    }

    void letGo() {
      open.countDown();
    }

    @Override
    public Instant instant() {
      if (Thread.currentThread().isVirtual()) {
        try {
          open.await();
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
        }
      }
      return Instant.now();
    }
  }
}
