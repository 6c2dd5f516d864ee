package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.INSTANCE_GET;
import static dev.flotilla.contract.CommandKind.INSTANCE_LIST;
import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static dev.flotilla.contract.CommandKind.INSTANCE_REMOVE;
import static dev.flotilla.contract.CommandKind.NODE_LIST;
import static dev.flotilla.contract.CommandKind.PRESENCE_LIST;
import static dev.flotilla.contract.CommandKind.SYSTEM_GET;
import static dev.flotilla.contract.CommandKind.TASK_CREATE;
import static dev.flotilla.contract.CommandKind.TASK_GET;
import static dev.flotilla.contract.CommandKind.TASK_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.InstanceCount;
import dev.flotilla.contract.Result.InstancePage;
import dev.flotilla.contract.Result.InstanceRemoved;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.contract.Result.NodePage;
import dev.flotilla.contract.Result.PresencePage;
import dev.flotilla.contract.Result.PresenceView;
import dev.flotilla.contract.Result.SystemView;
import dev.flotilla.contract.Result.TaskCount;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.presence.Roster;
import dev.flotilla.presence.Who;
import dev.flotilla.telemetry.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsIT {
  private static final Principal MALLORY = principal("evil", "mallory", Role.ADMIN);
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);
  private static final Map<String, Object> GATEWAY =
      Map.of("id", "eu-1", "url", "ws://127.0.0.1:18789", "token", "hush-hush");

  private final CommandFleet fleet = CommandFleet.of();

  @BeforeAll
  void start() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE: none is registered");
    fleet.start("n1");
  }

  @BeforeEach
  void clean() {
    // Not truncated: that locks whole tables, which the node's own looks lock in another order.
    for (String table : List.of("tasks", "instances", "idempotency_keys")) {
      fleet.stores.postgres().query("delete from " + table).execute().await();
    }
    fleet.registry.reports = List.of();
  }

  @AfterAll
  void close() {
    fleet.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|prompt",
        "{\"prompt\":\"\"}|prompt",
        "{\"prompt\":7}|prompt",
        "{\"prompt\":\"x\",\"priority\":\"urgent\"}|priority",
        "{\"prompt\":\"x\",\"priority\":null}|priority",
        "{\"prompt\":\"x\",\"nonsense\":1}|nonsense",
        "{\"prompt\":\"x\",\"timeoutMs\":999}|timeoutMs",
        "{\"prompt\":\"x\",\"maxAttempts\":11}|maxAttempts",
        "{\"prompt\":\"x\",\"capabilities\":[\"\"]}|capabilities.0",
        "{\"prompt\":\"x\",\"session\":\"a b\"}|session",
        "{\"prompt\":\"a\\u0000b\"}|prompt",
        "[]|params",
        "7|params",
      })
  void badParamsAreRefusedWithTheFieldThatIsWrong(String params, String field) {
    Fault fault = fleet.refused(ALICE, TASK_CREATE, params, "k");
    assertThat(fault.code()).isEqualTo(FaultCode.VALIDATION_ERROR);
    assertThat(fault.field()).isEqualTo(field);
  }

  @Test
  void aCommandNeedsItsScope() {
    Principal viewer = principal("acme", "eve", Role.VIEWER);
    assertThat(fleet.refused(viewer, TASK_CREATE, Map.of("prompt", "x"), "k").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(fleet.ask(viewer, TASK_LIST, "{}", null, TaskPage.class).items()).isEmpty();
  }

  @Test
  void anotherTenantsTaskDoesNotExist() {
    TaskView task = fleet.create("mine");
    Map<String, Object> id = Map.of("id", task.id().value());
    Fault foreign = fleet.refused(MALLORY, TASK_GET, id, null);
    assertThat(foreign.reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.ask(MALLORY, TASK_LIST, "{}", null, TaskPage.class).items()).isEmpty();
    assertThat(fleet.get(task.id()).prompt()).isEqualTo("mine");
  }

  @Test
  void aListIsPagedNewestFirstAndFiltered() {
    List<String> newestFirst = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      String priority = i % 2 == 0 ? "high" : "low";
      newestFirst.addFirst(
          fleet.create(ALICE, Map.of("prompt", "p" + i, "priority", priority)).id().value());
    }
    assertThat(pages(Map.of("limit", 3))).isEqualTo(newestFirst);
    assertThat(pages(Map.of("limit", 2, "priority", "high"))).hasSize(4);
    assertThat(pages(Map.of("state", "succeeded"))).isEmpty();
    assertThat(fleet.refused(ALICE, TASK_LIST, Map.of("cursor", "nonsense"), null).field())
        .isEqualTo("cursor");
  }

  private List<String> pages(Map<String, Object> filter) {
    List<String> ids = new ArrayList<>();
    Map<String, Object> params = new java.util.HashMap<>(filter);
    TaskPage page;
    do {
      page = fleet.ask(ALICE, TASK_LIST, params, null, TaskPage.class);
      page.items().forEach(task -> ids.add(task.id().value()));
      params.put("cursor", String.valueOf(page.nextCursor()));
    } while (page.nextCursor() != null);
    return ids;
  }

  @Test
  void aPageOfLongPromptsEndsEarlyAndLosesNothing() {
    for (int i = 0; i < 6; i++) {
      fleet.create("x".repeat(65_000) + i);
    }
    TaskPage first = fleet.ask(ALICE, TASK_LIST, "{}", null, TaskPage.class);
    assertThat(first.items()).hasSizeLessThan(6);
    assertThat(pages(Map.of())).hasSize(6);
  }

  @Test
  void aTaskWithoutAnInstanceSaysWhyItWaits() {
    TaskView task = fleet.create("waiting");
    org.awaitility.Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(fleet.get(task.id()).waitReason())
                    .isEqualTo("NO_INSTANCE: none is registered"));
  }

  @Test
  void anInstanceIsRegisteredOnceAndShownWithItsReportButNeverWithItsToken() {
    InstanceView made = fleet.ask(ALICE, INSTANCE_REGISTER, GATEWAY, "k1", InstanceView.class);
    assertThat(made.state()).isEqualTo(InstanceState.STARTING);
    assertThat(fleet.refused(MALLORY, INSTANCE_REGISTER, GATEWAY, "k2").reason())
        .isEqualTo(Reason.ALREADY_EXISTS);
    Instant now = Instant.now();
    report(now);
    Map<String, Object> id = Map.of("id", "eu-1");
    String json = fleet.execute(CommandFleet.request(ALICE, INSTANCE_GET, id, null)).text();
    assertThat(json).doesNotContain("hush").contains("\"state\":\"ready\"");
    report(now.minusSeconds(60));
    assertThat(fleet.ask(ALICE, INSTANCE_GET, id, null, InstanceView.class).state())
        .isEqualTo(InstanceState.DOWN);
    assertThat(fleet.row("select response::text from idempotency_keys limit 1").getString(0))
        .doesNotContain("hush");
  }

  private void report(Instant at) {
    fleet.registry.reports =
        List.of(
            new InstanceReport(
                new InstanceId("eu-1"),
                InstanceState.READY,
                "connected",
                at,
                new NodeId("n9"),
                "1.0",
                0,
                List.of(),
                at));
  }

  @Test
  void instancesOfOtherTenantsDoNotExistUnlessTheyAreShared() {
    fleet.ask(ALICE, INSTANCE_REGISTER, GATEWAY, "k1", InstanceView.class);
    Map<String, Object> shared =
        Map.of("id", "pool", "url", "wss://pool.example", "token", "t", "shared", true);
    assertThat(fleet.refused(ALICE, INSTANCE_REGISTER, shared, "k2").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    fleet.ask(ROOT, INSTANCE_REGISTER, shared, "k3", InstanceView.class);
    assertThat(instances(MALLORY)).containsExactly("pool");
    assertThat(instances(ALICE)).containsExactly("eu-1", "pool");
    assertThat(fleet.refused(MALLORY, INSTANCE_GET, Map.of("id", "eu-1"), null).reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.refused(MALLORY, INSTANCE_REMOVE, Map.of("id", "eu-1"), "k4").reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.refused(MALLORY, INSTANCE_REMOVE, Map.of("id", "pool"), "k5").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    fleet.ask(ALICE, INSTANCE_REMOVE, Map.of("id", "eu-1"), "k6", InstanceRemoved.class);
    assertThat(instances(ALICE)).containsExactly("pool");
    Fact last = fleet.log.read(ALICE.tenant(), 0, Long.MAX_VALUE, 1000).await().getLast().fact();
    assertThat(last)
        .isEqualTo(
            new Fact.InstanceChanged(
                InstanceChange.REMOVED, new InstanceId("eu-1"), null, "removed"));
  }

  private List<String> instances(Principal who) {
    return fleet.ask(who, INSTANCE_LIST, "{}", null, InstancePage.class).items().stream()
        .map(view -> view.id().value())
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"http://x", "ws://", "ws://user:pass@host", "ws://host#x", "ws://a b"})
  void anUnusableUrlIsRefused(String url) {
    Map<String, Object> params = Map.of("id", "i", "url", url, "token", "t");
    assertThat(fleet.refused(ALICE, INSTANCE_REGISTER, params, "k" + url.length()).field())
        .isEqualTo("url");
  }

  @Test
  void nodesAreListed() {
    assertThat(fleet.ask(ALICE, NODE_LIST, "{}", null, NodePage.class).items())
        .singleElement()
        .satisfies(
            node -> assertThat(node.roles()).containsExactly("command", "gateway", "registry"));
  }

  @Test
  void theSystemIsWhatServesTheTenantAndWhatItHasToDo() {
    fleet.ask(ALICE, INSTANCE_REGISTER, GATEWAY, "k1", InstanceView.class);
    fleet.ask(ALICE, TASK_CREATE, Map.of("prompt", "one"), "k2", TaskView.class);
    fleet.ask(ALICE, TASK_CREATE, Map.of("prompt", "two"), "k3", TaskView.class);
    SystemView mine = fleet.ask(ALICE, SYSTEM_GET, "{}", null, SystemView.class);
    assertThat(mine.version()).isEqualTo(Version.CURRENT);
    assertThat(mine.nodes()).isNotEmpty();
    assertThat(mine.instances()).containsExactly(new InstanceCount(InstanceState.STARTING, 1));
    assertThat(mine.tasks()).containsExactly(new TaskCount(TaskState.PENDING, 2));
    SystemView foreign = fleet.ask(MALLORY, SYSTEM_GET, "{}", null, SystemView.class);
    assertThat(foreign.instances()).isEmpty();
    assertThat(foreign.tasks()).isEmpty();
    Principal narrow =
        new Principal(
            ALICE.tenant(), ALICE.user(), Set.of(), Set.of(Scope.NODES_READ), ALICE.expiresAt());
    assertThat(fleet.refused(narrow, SYSTEM_GET, "{}", null).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
  }

  @Test
  void whoIsOnlineIsListedByNameAndPageForTheOwnTenantOnly() {
    Roster roster = new Roster(fleet.stores.redis());
    NodeId node = new NodeId("g1");
    String epoch = roster.beat(node, Duration.ofSeconds(10), false).await().epoch();
    List<Who> users =
        List.of(
            who("acme", "carol"), who("globex", "gus"), who("acme", "alice"), who("acme", "bo"));
    roster.arrive(node, epoch, users).await();
    PresencePage first =
        fleet.ask(ALICE, PRESENCE_LIST, Map.of("limit", 2), null, PresencePage.class);
    assertThat(first.items())
        .extracting(PresenceView::user)
        .containsExactly(new UserId("alice"), new UserId("bo"));
    assertThat(first.nextAfter()).isEqualTo(new UserId("bo"));
    PresencePage last =
        fleet.ask(
            ALICE, PRESENCE_LIST, Map.of("limit", 2, "after", "bo"), null, PresencePage.class);
    assertThat(last.items())
        .singleElement()
        .satisfies(
            carol -> {
              assertThat(carol.user()).isEqualTo(new UserId("carol"));
              assertThat(carol.since()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
            });
    assertThat(last.nextAfter()).isNull();
  }

  private static Who who(String tenant, String user) {
    return new Who(new TenantId(tenant), new UserId(user));
  }
}
