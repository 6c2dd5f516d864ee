package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.contract.CommandKind.INSTANCE_CORDON;
import static dev.flotilla.contract.CommandKind.INSTANCE_DRAIN;
import static dev.flotilla.contract.CommandKind.INSTANCE_GET;
import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static dev.flotilla.contract.CommandKind.INSTANCE_UNCORDON;
import static dev.flotilla.contract.CommandKind.ROUTE_EXPLAIN;
import static dev.flotilla.contract.CommandKind.ROUTE_POLICY_GET;
import static dev.flotilla.contract.CommandKind.ROUTE_POLICY_SET;
import static dev.flotilla.contract.CommandKind.TASK_CREATE;
import static dev.flotilla.contract.CommandKind.TASK_POSITION;
import static dev.flotilla.contract.CommandKind.TOPOLOGY_GET;
import static dev.flotilla.contract.CommandKind.WEBHOOK_CREATE;
import static dev.flotilla.contract.CommandKind.WEBHOOK_DELETE;
import static dev.flotilla.contract.CommandKind.WEBHOOK_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.contract.OpsResult.RouteExplanation;
import dev.flotilla.contract.OpsResult.RoutePolicy;
import dev.flotilla.contract.OpsResult.TaskPosition;
import dev.flotilla.contract.OpsResult.TopologyView;
import dev.flotilla.contract.OpsResult.WebhookPage;
import dev.flotilla.contract.OpsResult.WebhookRemoved;
import dev.flotilla.contract.OpsResult.WebhookView;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.dispatch.Condition;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.testkit.Patience;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class OpsIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final Principal ROOT = CommandFleet.principal("ops", "root", Role.PLATFORM);
  private static final Principal VIEWER = CommandFleet.principal("acme", "val", Role.VIEWER);
  private static final Queue<RouteAsk> ASKED = new ConcurrentLinkedQueue<>();
  private static CommandFleet fleet;

  @BeforeAll
  static void start() {
    fleet = CommandFleet.of("n1");
    fleet.bus.answer(
        Addresses.EXPLAIN,
        ask -> {
          ASKED.add(ask);
          return Future.succeededFuture(
              new RouteReasons(
                  List.of(
                      new RouteReasons.Reason(
                          new InstanceId("eu-1"), 1, 2, InstanceState.READY, 4, 1, "it fits")),
                  null));
        });
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  private static Map<String, Object> id(String id) {
    return Map.of("id", id);
  }

  private static void register(Principal who, String id) {
    Map<String, Object> gateway =
        Map.of(
            "id",
            id,
            "url",
            "ws://127.0.0.1:1",
            "token",
            "t",
            "region",
            "eu",
            "weight",
            10,
            "labels",
            List.of("gpu=a100"));
    fleet.ask(who, INSTANCE_REGISTER, gateway, "register-" + id, InstanceView.class);
  }

  @Test
  void whatOperatorsWantIsKeptAndTold() {
    Principal who = CommandFleet.principal("wishes", "ann", Role.ADMIN);
    register(who, "w-1");
    InstanceView cordoned =
        fleet.ask(
            who, INSTANCE_CORDON, Map.of("id", "w-1", "reason", "disk"), "c1", InstanceView.class);
    assertThat(cordoned.wish()).isEqualTo(InstanceWish.CORDON);
    assertThat(cordoned.wishReason()).isEqualTo("disk");
    assertThat(cordoned.weight()).isEqualTo(10);
    InstanceView drained =
        fleet.ask(
            who,
            INSTANCE_DRAIN,
            Map.of("id", "w-1", "deadlineMs", 60_000),
            "c2",
            InstanceView.class);
    assertThat(drained.drainBy()).isAfter(Instant.now());
    assertThat(fleet.ask(who, INSTANCE_GET, id("w-1"), null, InstanceView.class).wish())
        .isEqualTo(InstanceWish.DRAIN);
    InstanceView serves = fleet.ask(who, INSTANCE_UNCORDON, id("w-1"), "c3", InstanceView.class);
    assertThat(serves.wish()).isEqualTo(InstanceWish.SERVE);
    assertThat(serves.drainBy()).isNull();
    assertThat(fleet.log.read(who.tenant(), 0, Long.MAX_VALUE, 100).await())
        .extracting(event -> ((Fact.InstanceChanged) event.fact()).change())
        .containsExactly(
            InstanceChange.REGISTERED,
            InstanceChange.DESIRED,
            InstanceChange.DESIRED,
            InstanceChange.DESIRED);
  }

  @Test
  void onlyThoseWhoMayChangeInstancesCanStopThem() {
    register(ALICE, "mine");
    assertThat(fleet.refused(VIEWER, INSTANCE_CORDON, id("mine"), "v1").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    Principal other = CommandFleet.principal("umbrella", "eve", Role.ADMIN);
    assertThat(fleet.refused(other, INSTANCE_DRAIN, id("mine"), "v2").reason())
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void aRouteIsExplainedByTheRegistryThatRoutes() {
    Map<String, Object> question = Map.of("session", "talk-9", "capability", List.of("gpu"));
    RouteExplanation answer =
        fleet.ask(ALICE, ROUTE_EXPLAIN, question, null, RouteExplanation.class);
    assertThat(answer.instances())
        .extracting(each -> each.id().value() + " " + each.reason())
        .containsExactly("eu-1 it fits");
    assertThat(ASKED)
        .anySatisfy(
            ask -> {
              assertThat(ask.session()).isEqualTo("talk-9");
              assertThat(ask.capabilities()).containsExactly("gpu");
            });
    assertThat(fleet.refused(ALICE, ROUTE_EXPLAIN, Map.of("tenant", "other"), null).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(
            fleet
                .ask(ROOT, ROUTE_EXPLAIN, Map.of("tenant", "acme"), null, RouteExplanation.class)
                .tenant())
        .isEqualTo(ALICE.tenant());
  }

  @Test
  void aPolicyIsReadAsItWasSet() {
    Principal who = CommandFleet.principal("policies", "pia", Role.ADMIN);
    assertThat(fleet.ask(who, ROUTE_POLICY_GET, Map.of(), null, RoutePolicy.class))
        .isEqualTo(new RoutePolicy(who.tenant(), null, null, true, true));
    Map<String, Object> wanted = Map.of("region", "eu", "otherRegions", false);
    RoutePolicy set = fleet.ask(who, ROUTE_POLICY_SET, wanted, "p1", RoutePolicy.class);
    assertThat(set).isEqualTo(new RoutePolicy(who.tenant(), "eu", null, false, true));
    assertThat(fleet.ask(who, ROUTE_POLICY_GET, Map.of(), null, RoutePolicy.class)).isEqualTo(set);
  }

  @Test
  void theTopologyShowsWhoOwnsWhatAndWhatIsStale() {
    Principal who = CommandFleet.principal("picture", "pat", Role.ADMIN);
    register(who, "fresh");
    register(who, "stale");
    Instant now = Instant.now();
    fleet.registry.reports = List.of(report("fresh", now), report("stale", now.minusSeconds(60)));
    TopologyView view = fleet.ask(who, TOPOLOGY_GET, Map.of(), null, TopologyView.class);
    assertThat(view.instances())
        .anySatisfy(
            each -> {
              assertThat(each.id().value()).isEqualTo("fresh");
              assertThat(each.slots()).isEqualTo(3);
              assertThat(each.latencyMs()).isEqualTo(12.0);
              assertThat(each.staleSince()).isNull();
            })
        .anySatisfy(
            each -> {
              assertThat(each.id().value()).isEqualTo("stale");
              assertThat(each.staleSince()).isNotNull();
              assertThat(each.state()).isEqualTo(InstanceState.DOWN);
            });
    assertThat(view.regions())
        .singleElement()
        .satisfies(region -> assertThat(region.slots()).isEqualTo(3));
    assertThat(view.nodes())
        .singleElement()
        .satisfies(node -> assertThat(node.instances()).containsExactly(new InstanceId("fresh")));
  }

  private static InstanceReport report(String id, Instant at) {
    return new InstanceReport(
        new InstanceId(id),
        InstanceState.READY,
        "connected",
        at,
        new NodeId("n1"),
        "1.0",
        0,
        List.of(),
        at,
        new Condition(3, 12.0, 0, null, null),
        null,
        null);
  }

  @Test
  void aWaitingTaskKnowsWhatComesBeforeItAndWhyItWaits() {
    Principal who = CommandFleet.principal("waits", "wim", Role.ADMIN);
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("no instance is registered");
    try {
      String first = create(who, "first");
      String second = create(who, "second");
      await()
          .atMost(PATIENCE)
          .until(
              () -> {
                TaskPosition position = position(who, first);
                return "no instance is registered".equals(position.reason());
              });
      Integer before = position(who, first).ahead();
      assertThat(before).isNotNull();
      assertThat(position(who, second).ahead()).isGreaterThan(before);
    } finally {
      fleet.registry.route = _ -> ScriptedRegistry.slots(1000);
    }
  }

  private static TaskPosition position(Principal who, String task) {
    return fleet.ask(who, TASK_POSITION, id(task), null, TaskPosition.class);
  }

  private static String create(Principal who, String prompt) {
    Map<String, Object> task = Map.of("prompt", prompt);
    return fleet.ask(who, TASK_CREATE, task, prompt, TaskView.class).id().value();
  }

  @Test
  void aUrlOfTheHostsOwnNetworkIsNoWebhookAndNoInstance() {
    String metadata = "://169.254.169.254/latest";
    assertThat(
            fleet
                .refused(
                    ALICE,
                    WEBHOOK_CREATE,
                    Map.of("url", "http" + metadata, "secret", "s".repeat(16)),
                    "denied-1")
                .reason())
        .isEqualTo(Reason.INVALID_FIELD);
    assertThat(
            fleet
                .refused(
                    ALICE,
                    INSTANCE_REGISTER,
                    Map.of("id", "denied", "url", "ws" + metadata, "token", "t"),
                    "denied-2")
                .reason())
        .isEqualTo(Reason.INVALID_FIELD);
  }

  @Test
  void aWebhookIsListedWithoutItsSecret() {
    Principal who = CommandFleet.principal("hooks", "hal", Role.ADMIN);
    Map<String, Object> hook =
        Map.of("url", "https://ops.example/x", "secret", "hush-hush-hush-hush");
    WebhookView made = fleet.ask(who, WEBHOOK_CREATE, hook, "h1", WebhookView.class);
    assertThat(
            fleet.row("select secret from webhooks where id = $1", made.id()).getString("secret"))
        .isNull();
    String listed = fleet.execute(CommandFleet.request(who, WEBHOOK_LIST, Map.of(), null)).text();
    assertThat(listed).contains(made.id()).doesNotContain("hush");
    assertThat(fleet.refused(ALICE, WEBHOOK_DELETE, id(made.id()), "h2").reason())
        .isEqualTo(Reason.NOT_FOUND);
    fleet.ask(who, WEBHOOK_DELETE, id(made.id()), "h3", WebhookRemoved.class);
    assertThat(fleet.ask(who, WEBHOOK_LIST, Map.of(), null, WebhookPage.class).items()).isEmpty();
  }
}
