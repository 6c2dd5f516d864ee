package dev.flotilla.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunReport;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the owner of a link tells tenants that is not kept.
class TellingIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final TenantId OWNER = new TenantId("acme");
  private static final TenantId USER = new TenantId("guest");
  private static final NodeId NODE = new NodeId("node-1");
  private static final InstanceId INSTANCE = new InstanceId("i-1");

  private final FleetConfig config =
      TestStores.fresh(
          Map.of(
              "FLOTILLA_REGISTRY_REPORT_INTERVAL", "100ms",
              "FLOTILLA_REGISTRY_HEARTBEAT_INTERVAL", "100ms",
              "FLOTILLA_REGISTRY_LOAD_INTERVAL", "200ms",
              "FLOTILLA_REGISTRY_RECONNECT_MAX", "300ms"));
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, Clock.systemUTC());
  private final Stores stores = Stores.open(vertx, config);
  private final FakeInstance instance = FakeInstance.start("a-token");
  private final List<Event> toOwner = new CopyOnWriteArrayList<>();
  private final List<Event> toUser = new CopyOnWriteArrayList<>();

  @BeforeEach
  void deploy() {
    bus.listen(Addresses.events(OWNER), batch -> toOwner.addAll(batch.events()));
    bus.listen(Addresses.events(USER), batch -> toUser.addAll(batch.events()));
    stores
        .postgres()
        .preparedQuery(
            """
            insert into instances (id, tenant, shared, url, token, max_concurrency, created_by,
              created_at)
            values ('i-1', 'acme', true, $1, $2, 4, 'alice', now())
            """)
        .execute(Tuple.of(instance.url().toString(), instance.token()))
        .await();
    Wiring wiring =
        new Wiring(
            config,
            LoneMembership.named(NODE.value()),
            bus,
            stores,
            new EventLog(stores.postgres(), bus, Clock.systemUTC()),
            new SimpleMeterRegistry(),
            new Readiness(),
            Clock.systemUTC());
    vertx.deployVerticle(new RegistryVerticle(wiring)).await();
    await().atMost(PATIENCE).until(() -> report().state() == InstanceState.READY);
  }

  @AfterEach
  void close() {
    vertx.close().await();
    instance.close();
  }

  private InstanceReport report() {
    return bus.ask(Addresses.INSTANCES, new Bell(), PATIENCE).await().reports().getFirst();
  }

  private static RunOrder order(String task, String prompt) {
    return new RunOrder(
        new TaskId(task),
        USER,
        INSTANCE,
        1,
        task + ".1",
        "chat-7",
        "session-of-" + task,
        prompt,
        false,
        30_000,
        NODE,
        "corr-1");
  }

  private RunState ask(RunOrder order) {
    return bus.ask(Addresses.run(NODE), order, PATIENCE).await();
  }

  private static <F extends Fact> List<F> facts(List<Event> events, Class<F> type) {
    return events.stream().map(Event::fact).filter(type::isInstance).map(type::cast).toList();
  }

  private List<Fact.AgentChanged> agents() {
    return facts(toUser, Fact.AgentChanged.class);
  }

  private void awaitAgent(AgentStatus status) {
    await()
        .atMost(PATIENCE)
        .until(() -> agents().stream().anyMatch(agent -> agent.status() == status));
  }

  private static String words(Fact.AgentChanged agent) {
    @Nullable String tool = agent.tool();
    TaskId task = agent.taskId();
    return agent.status().wireName()
        + (tool == null ? "" : " " + tool)
        + (task == null ? "" : " for " + task);
  }

  @Test
  void theTenantOfATaskHearsWhatTheAgentDoesForIt() {
    ask(order("t-1", "[[tool:lookup]]"));
    awaitAgent(AgentStatus.IDLE);
    assertThat(agents().stream().map(TellingIT::words))
        .containsExactly(
            "working for t-1",
            "streaming for t-1",
            "tool lookup for t-1",
            "working for t-1",
            "streaming for t-1",
            "finished for t-1",
            "idle");
    assertThat(agents()).allSatisfy(agent -> assertThat(agent.id().value()).isEqualTo("i-1"));
    assertThat(toUser)
        .allSatisfy(
            event -> {
              assertThat(event.seq()).isNull();
              assertThat(event.correlationId()).isEqualTo("corr-1");
            });
    assertThat(facts(toOwner, Fact.TaskOutput.class)).isEmpty();
    assertThat(facts(toOwner, Fact.AgentChanged.class))
        .allSatisfy(agent -> assertThat(agent.taskId()).isNull());
  }

  @Test
  void aPieceOfTextIsToldInItsThreadAndThereBeforeTheEnd() {
    ask(order("t-1", "[[slow:5:10]]"));
    awaitAgent(AgentStatus.IDLE);
    List<Event> pieces =
        toUser.stream().filter(event -> event.fact() instanceof Fact.TaskOutput).toList();
    assertThat(pieces)
        .isNotEmpty()
        .allSatisfy(
            event ->
                assertThat(event.topics().stream().map(topic -> topic.name()))
                    .containsExactly("tasks", "task:t-1", "thread:chat-7"));
    StringBuilder text = new StringBuilder();
    for (Fact.TaskOutput piece : facts(toUser, Fact.TaskOutput.class)) {
      assertThat(piece.index()).isEqualTo(text.length());
      text.append(piece.text());
    }
    assertThat(text).hasToString("w0 w1 w2 w3 w4");
    RunTextAsk ask = new RunTextAsk(INSTANCE, "t-1.1", 1, "session-of-t-1");
    assertThat(bus.ask(Addresses.runText(NODE), ask, PATIENCE).await())
        .isEqualTo(new RunText(1, text.toString(), text.length(), false));
    RunTextAsk elsewhere = new RunTextAsk(new InstanceId("i-2"), "t-1.1", 3, "s");
    assertThat(bus.ask(Addresses.runText(NODE), elsewhere, PATIENCE).await())
        .isEqualTo(RunText.unknown(3));
  }

  @Test
  void anAgentIsIdleOnlyWhenItsLastTaskForTheTenantHasEnded() {
    // Longer than the test takes on whatever machine.
    ask(order("t-1", "[[slow:2000:50]]"));
    ask(order("t-2", "[[fail]]"));
    awaitAgent(AgentStatus.FAILED);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(report().runs())
                    .containsExactly(
                        new RunReport(new TaskId("t-1"), AgentStatus.STREAMING, null)));
    assertThat(agents()).noneMatch(agent -> agent.status() == AgentStatus.IDLE);
  }

  @Test
  void theOwnerHearsWhenTheInstanceBecomesUnableAndAbleToServeOnceEach() {
    instance.kill();
    await().atMost(PATIENCE).until(() -> report().state() == InstanceState.DOWN);
    instance.boot();
    await().atMost(PATIENCE).until(() -> report().state() == InstanceState.READY);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        facts(toOwner, Fact.HealthChanged.class).stream()
                            .map(Fact.HealthChanged::healthy))
                    .containsExactly(true, false, true));
    assertThat(facts(toOwner, Fact.HealthChanged.class))
        .allSatisfy(health -> assertThat(health.id()).isEqualTo("i-1"));
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(facts(toOwner, Fact.AgentChanged.class).stream().map(TellingIT::words))
                    .containsExactly("idle", "unavailable", "idle"));
    assertThat(facts(toUser, Fact.HealthChanged.class)).isEmpty();
  }

  @Test
  void theOwnerHearsTheInstancesHeartbeatWithItsLoad() {
    ask(order("t-1", "[[hang]]"));
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                facts(toOwner, Fact.Heartbeat.class).stream()
                    .anyMatch(
                        beat ->
                            beat.id().equals(INSTANCE)
                                && beat.running() == 1
                                && beat.maxConcurrency() == 4
                                && beat.load() != null
                                && Integer.valueOf(1).equals(beat.load().runs())));
    assertThat(facts(toUser, Fact.Heartbeat.class)).isEmpty();
  }
}
