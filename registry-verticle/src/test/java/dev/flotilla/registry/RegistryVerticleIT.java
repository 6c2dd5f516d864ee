package dev.flotilla.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RunCancel;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.registry.testkit.FlakyProxy;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import dev.flotilla.wire.RawJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistryVerticleIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final Duration LONG = Patience.LIMIT;
  private static final TenantId ACME = new TenantId("acme");
  private static final NodeId NODE = new NodeId("node-1");
  private static final String INSERT =
      """
      insert into instances (id, tenant, shared, url, token, capabilities, max_concurrency,
        created_by, created_at)
      values ($1, $2, false, $3, $4, $5, 2, 'alice', now())
      """;

  private final FleetConfig direct =
      TestStores.fresh(
          Map.of(
              "FLOTILLA_REGISTRY_REPORT_INTERVAL", "100ms",
              "FLOTILLA_REGISTRY_REFRESH_INTERVAL", "500ms",
              "FLOTILLA_REGISTRY_RECONNECT_MAX", "300ms",
              "FLOTILLA_REGISTRY_HEALTH_EJECTION", "8s"));
  private final FlakyProxy network = FlakyProxy.before(direct.postgres().port());
  private final FleetConfig config = through(direct, network.port());
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, Clock.systemUTC());
  private final Stores stores = Stores.open(vertx, config);
  private final Stores sane = Stores.open(vertx, direct);
  private final EventLog log = new EventLog(stores.postgres(), bus, Clock.systemUTC());
  private final Readiness readiness = new Readiness();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeInstance instance = FakeInstance.start("a-token");
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<RunEnded> ended = new CopyOnWriteArrayList<>();

  private static FleetConfig through(FleetConfig config, int port) {
    FleetConfig.Postgres pg = config.postgres();
    return new FleetConfig(
        config.node(),
        config.cluster(),
        new FleetConfig.Postgres(
            pg.host(),
            port,
            pg.database(),
            pg.user(),
            pg.password(),
            pg.poolSize(),
            pg.statementTimeout()),
        config.redis(),
        config.identity(),
        config.credentials(),
        config.accounts(),
        config.gateway(),
        config.http(),
        config.dialects(),
        config.presence(),
        config.ingest(),
        config.command(),
        config.registry(),
        config.egress(),
        config.telemetry());
  }

  @BeforeEach
  void deploy() {
    bus.listen(Addresses.events(ACME), batch -> events.addAll(batch.events()));
    bus.listen(Addresses.runEnded(NODE), ended::add);
    Wiring wiring =
        new Wiring(
            config,
            LoneMembership.named(NODE.value()),
            bus,
            stores,
            log,
            meters,
            readiness,
            Clock.systemUTC());
    vertx.deployVerticle(new RegistryVerticle(wiring)).await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
    instance.close();
    network.close();
  }

  private void register(String id, String... capabilities) {
    sane.postgres()
        .preparedQuery(INSERT)
        .execute(
            Tuple.of(id, ACME.value(), instance.url().toString(), instance.token(), capabilities))
        .await();
    bus.publish(Addresses.INSTANCES_CHANGED, new Bell());
  }

  private Optional<InstanceReport> report(String id) {
    return bus.ask(Addresses.INSTANCES, new Bell(), PATIENCE).await().reports().stream()
        .filter(report -> report.instance().value().equals(id))
        .findFirst();
  }

  private void awaitState(String id, InstanceState state) {
    await()
        .atMost(LONG)
        .until(() -> report(id).filter(report -> report.state() == state).isPresent());
  }

  private RouteAnswer route(String... capabilities) {
    RouteAsk ask = new RouteAsk(ACME, null, List.of(capabilities), null);
    return bus.ask(Addresses.ROUTE, ask, PATIENCE).await();
  }

  private static RunOrder order(String instance, String prompt) {
    return new RunOrder(
        new TaskId("t-1"),
        ACME,
        new InstanceId(instance),
        1,
        "run-1",
        "chat-7",
        "task-t-1",
        prompt,
        false,
        30_000,
        NODE,
        "corr-1");
  }

  private RunState ask(RunOrder order) {
    return bus.ask(Addresses.run(NODE), order, PATIENCE).await();
  }

  private List<InstanceState> loggedStates() {
    return logged().stream()
        .filter(fact -> fact.change() == InstanceChange.STATE)
        .map(Fact.InstanceChanged::state)
        .toList();
  }

  private List<InstanceChange> loggedChanges() {
    return logged().stream().map(Fact.InstanceChanged::change).toList();
  }

  private List<Fact.InstanceChanged> logged() {
    return sane
        .postgres()
        .preparedQuery(
            "select payload::text as payload from activity where tenant = $1 and kind = 'INSTANCE'"
                + " order by seq")
        .execute(Tuple.of(ACME.value()))
        .await()
        .stream()
        .map(row -> new RawJson(row.getString("payload")))
        .map(payload -> payload.as(Fact.InstanceChanged.class))
        .toList();
  }

  @Test
  void aRegisteredInstanceBecomesReadyAndItsTenantIsTold() {
    register("i-1", "gpu");
    awaitState("i-1", InstanceState.READY);
    await().until(() -> loggedStates().equals(List.of(InstanceState.READY)));
    assertThat(report("i-1"))
        .hasValueSatisfying(
            report -> {
              assertThat(report.owner()).isEqualTo(NODE);
              assertThat(report.version()).isEqualTo("fake");
            });
    assertThat(route("gpu").candidates())
        .containsExactly(new RouteAnswer.Candidate(new InstanceId("i-1"), NODE, 2, 2, 200));
    assertThat(route("mac").reason()).contains("mac");
    assertThat(readiness.check(PATIENCE).await())
        .anySatisfy(part -> assertThat(part.name() + part.ready()).isEqualTo("registrytrue"));
    assertThat(meters.get(MeterNames.INSTANCES).tag("state", "ready").gauge().value()).isEqualTo(1);
  }

  @Test
  void aLoopThatIsHeldUpIsNamed() {
    Readiness watched = new Readiness();
    CountDownLatch held = new CountDownLatch(1);
    Vertx own = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Bus lonely = new Bus(own, Clock.systemUTC());
    Stores its = Stores.open(own, config);
    own.deployVerticle(
            new RegistryVerticle(
                new Wiring(
                    config,
                    LoneMembership.named("node-2"),
                    lonely,
                    its,
                    new EventLog(its.postgres(), lonely, Clock.systemUTC()),
                    new SimpleMeterRegistry(),
                    watched,
                    Clock.systemUTC())))
        .await();
    await().until(() -> watched.stuck(Duration.ZERO).contains("registry"));
    own.runOnContext(
        _ -> {
          try {
            held.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    Duration quiet = Duration.ofSeconds(3);
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> !watched.stuck(quiet).isEmpty());
    held.countDown();
    await().atMost(PATIENCE.multipliedBy(2)).until(() -> watched.stuck(quiet).isEmpty());
    own.close().await();
    assertThat(watched.stuck(Duration.ZERO)).isEmpty();
  }

  @Test
  void aRunIsStreamedAndItsEndIsRung() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    assertThat(ask(order("i-1", "[[slow:10:20]]"))).isInstanceOf(RunState.Going.class);
    await().until(() -> !ended.isEmpty());
    assertThat(ended).hasSize(1);
    assertThat(ended.getFirst().state()).isInstanceOf(RunState.Succeeded.class);
    List<Fact.TaskOutput> outputs =
        events.stream()
            .filter(event -> event.kind() == EventKind.TASK_OUTPUT)
            .map(event -> (Fact.TaskOutput) event.fact())
            .toList();
    assertThat(String.join("", outputs.stream().map(Fact.TaskOutput::text).toList()))
        .isEqualTo("w0 w1 w2 w3 w4 w5 w6 w7 w8 w9");
    assertThat(events)
        .allSatisfy(event -> assertThat(event.seq() == null || event.seq() > 0).isTrue());
    assertThat(ask(order("i-1", "[[slow:10:20]]"))).isInstanceOf(RunState.Succeeded.class);
    assertThat(instance.executions("[[slow:10:20]]")).isEqualTo(1);
  }

  @Test
  void aRunIsCancelledOverTheBus() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    RunOrder order = order("i-1", "[[hang]]");
    ask(order);
    await().until(() -> instance.accepted("run-1"));
    RunCancel cancel =
        new RunCancel(order.task(), order.instance(), order.runId(), order.sessionKey());
    bus.ask(Addresses.cancel(NODE), cancel, PATIENCE).await();
    await().until(() -> !ended.isEmpty());
    assertThat(ended.getFirst().state()).isInstanceOf(RunState.Aborted.class);
  }

  @Test
  void anInstanceThatDiesAndComesBackIsToldOnceEach() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    instance.kill();
    awaitState("i-1", InstanceState.DOWN);
    instance.boot();
    awaitState("i-1", InstanceState.READY);
    await()
        .untilAsserted(
            () ->
                assertThat(loggedStates())
                    .containsExactly(InstanceState.READY, InstanceState.DOWN, InstanceState.READY));
  }

  private void wish(String change) {
    sane.postgres().query("update instances set " + change).execute().await();
    bus.publish(Addresses.INSTANCES_CHANGED, new Bell());
  }

  private static RunOrder order(int number, String prompt) {
    return order(number, prompt, false);
  }

  /// @param again as who orders it says when it has done so before
  private static RunOrder order(int number, String prompt, boolean again) {
    return new RunOrder(
        new TaskId("t-" + number),
        ACME,
        new InstanceId("i-1"),
        1,
        "run-" + number,
        null,
        "task-t-" + number,
        prompt,
        again,
        30_000,
        NODE,
        null);
  }

  @Test
  void aCordonedInstanceKeepsItsRunsAndTakesNoNewOne() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    ask(order(1, "[[hang]]"));
    await().atMost(LONG).until(() -> instance.accepted("run-1"));
    wish("wish = 'cordon', wish_reason = 'disk'");
    awaitState("i-1", InstanceState.CORDONED);
    assertThat(route().candidates()).isEmpty();
    assertThat(route().reason()).isEqualTo("the only instance is cordoned: disk");
    assertThat(ask(order(2, "new"))).isInstanceOf(RunState.Refused.class);
    assertThat(ask(order(1, "[[hang]]", true))).isInstanceOf(RunState.Going.class);
    wish("wish = 'serve', wish_reason = null");
    awaitState("i-1", InstanceState.READY);
    assertThat(route().candidates()).hasSize(1);
  }

  @Test
  void aDrainEndsWhenItsRunsHaveAndStopsThoseThatTakeTooLong() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    ask(order(1, "[[hang]]"));
    await().atMost(LONG).until(() -> instance.accepted("run-1"));
    wish("wish = 'drain', drain_by = now() + interval '1 hour'");
    awaitState("i-1", InstanceState.DRAINING);
    assertThat(ask(order(1, "[[hang]]", true))).isInstanceOf(RunState.Going.class);
    wish("drain_by = now()");
    await().atMost(LONG).until(() -> !ended.isEmpty());
    assertThat(ended.getFirst().state()).isInstanceOf(RunState.Refused.class);
    assertThat(ask(order(1, "[[hang]]", true))).isInstanceOf(RunState.Refused.class);
    await().atMost(LONG).until(() -> loggedChanges().contains(InstanceChange.DRAINED));
    assertThat(loggedChanges().stream().filter(InstanceChange.DRAINED::equals)).hasSize(1);
  }

  @Test
  void anInstanceThatFailsRunAfterRunIsEjectedWhenAnotherIsThere() {
    register("i-1");
    register("i-2");
    awaitState("i-1", InstanceState.READY);
    awaitState("i-2", InstanceState.READY);
    for (int i = 1; i <= 5; i++) {
      int number = i;
      ask(order(number, "[[fail]]"));
      await().atMost(LONG).until(() -> ended.size() == number);
    }
    awaitState("i-1", InstanceState.EJECTED);
    assertThat(route().candidates())
        .extracting(candidate -> candidate.instance().value())
        .containsExactly("i-2");
    awaitState("i-1", InstanceState.DEGRADED);
    ask(order(6, "fine again"));
    awaitState("i-1", InstanceState.READY);
  }

  @Test
  void aRemovedInstanceIsForgottenAndItsRunsFail() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    ask(order("i-1", "[[hang]]"));
    sane.postgres().query("delete from instances").execute().await();
    bus.publish(Addresses.INSTANCES_CHANGED, new Bell());
    await().until(() -> report("i-1").isEmpty());
    await().until(() -> !ended.isEmpty());
    assertThat(ended.getFirst().state()).isInstanceOf(RunState.Failed.class);
    await().until(() -> instance.connections() == 0);
    assertThat(ask(order("i-1", "again"))).isInstanceOf(RunState.Failed.class);
    assertThat(route().reason()).isEqualTo("no instance is registered for this tenant");
  }

  @Test
  void whilePostgresIsAwayLinksWorkAndNothingIsLost() {
    register("i-1");
    awaitState("i-1", InstanceState.READY);
    await().until(() -> loggedStates().size() == 1);
    network.block();
    assertThat(ask(order("i-1", "[[slow:5:20]]"))).isInstanceOf(RunState.Going.class);
    await().until(() -> !ended.isEmpty());
    assertThat(ended.getFirst().state()).isInstanceOf(RunState.Succeeded.class);
    assertThat(events).anyMatch(event -> event.kind() == EventKind.TASK_OUTPUT);
    assertThat(route().candidates()).hasSize(1);
    instance.kill();
    awaitState("i-1", InstanceState.DOWN);
    network.restore();
    await().until(() -> loggedStates().equals(List.of(InstanceState.READY, InstanceState.DOWN)));
  }
}
