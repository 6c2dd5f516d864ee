package dev.flotilla.command;

import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.store.Deadline;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.queue.RuleStore;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.StoreProxy;
import dev.flotilla.testkit.TestStores;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Command nodes on one bus without a cluster, with real stores and a scripted registry.
final class CommandFleet implements AutoCloseable {
  static final Principal ALICE = principal("acme", "alice", Role.ADMIN);
  private static final Duration LIMIT = Patience.LIMIT;

  final Vertx vertx = Vertx.vertx();
  final Clock clock = Clock.systemUTC();
  final Bus bus = new Bus(vertx, clock);
  final FleetConfig config;
  final Stores stores;
  final EventLog log;
  final ScriptedRegistry registry = new ScriptedRegistry(bus);
  final List<SimpleMeterRegistry> meters = new ArrayList<>();
  final Readiness readiness = new Readiness();
  private final Map<String, String> deployments = new HashMap<>();

  CommandFleet(Map<String, String> settings, String... nodes) {
    Map<String, String> all = new HashMap<>();
    // Longer than a busy machine stands still: what a test does not ask for must not happen.
    all.put("FLOTILLA_COMMAND_LEASE", "6s");
    all.put("FLOTILLA_COMMAND_LEASE_RENEWAL", "300ms");
    all.put("FLOTILLA_COMMAND_POLL_INTERVAL", "50ms");
    all.put("FLOTILLA_COMMAND_RETRY_DELAY", "20ms");
    all.put("FLOTILLA_GATEWAY_COMMAND_TIMEOUT", "30s");
    all.put("FLOTILLA_REGISTRY_REPORT_LIMIT", "30s");
    // Where tests listen for webhooks.
    all.put("FLOTILLA_EGRESS_WEBHOOK_DENY", "[]");
    all.putAll(settings);
    config = TestStores.fresh(all);
    stores = Stores.open(vertx, config);
    log = new EventLog(stores.postgres(), bus, clock);
    for (String node : nodes) {
      start(node);
    }
  }

  static CommandFleet of(String... nodes) {
    return new CommandFleet(Map.of(), nodes);
  }

  static Principal principal(String tenant, String user, Role role) {
    return new Principal(
        new TenantId(tenant),
        new UserId(user),
        Set.of(role),
        role.scopes(),
        Instant.now().plusSeconds(3600));
  }

  void start(String node) {
    start(node, stores);
  }

  void start(String node, Stores itsStores) {
    redis("FLUSHDB", deployments.isEmpty());
    join(node, itsStores);
  }

  /// Starts a node with Redis as it is.
  void join(String node) {
    join(node, stores);
  }

  private void join(String node, Stores itsStores) {
    SimpleMeterRegistry itsMeters = new SimpleMeterRegistry();
    meters.add(itsMeters);
    Wiring wiring =
        new Wiring(
            config, LoneMembership.named(node), bus, itsStores, log, itsMeters, readiness, clock);
    deployments.put(
        node,
        vertx
            .deployVerticle(
                new CommandVerticle(wiring),
                new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
            .await());
  }

  /// The stores as a node sees them whose network a test can take away.
  Stores storesBehind(StoreProxy postgres, StoreProxy redis) {
    FleetConfig.Postgres pg = config.postgres();
    FleetConfig behind =
        new FleetConfig(
            config.node(),
            config.cluster(),
            new FleetConfig.Postgres(
                pg.host(),
                postgres.port(),
                pg.database(),
                pg.user(),
                pg.password(),
                pg.poolSize(),
                pg.statementTimeout()),
            new FleetConfig.Redis(
                new Secret(
                    config.redis().url().reveal().replaceFirst(":\\d+/", ":" + redis.port() + "/")),
                config.redis().poolSize()),
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
    return Stores.open(vertx, behind);
  }

  int redisPort() {
    return URI.create(config.redis().url().reveal()).getPort();
  }

  void stop(String node) {
    vertx.undeploy(deployments.remove(node)).await();
  }

  private void redis(String command, boolean really) {
    if (really) {
      stores.redis().send(Request.cmd(io.vertx.redis.client.Command.create(command))).await();
    }
  }

  void flushRedis() {
    redis("FLUSHDB", true);
  }

  TaskQueue queue() {
    return new TaskQueue(stores.redis());
  }

  /// Until Redis knows what operators have set.
  void awaitRules() {
    await().atMost(LIMIT).until(() -> !queue().rules(new RuleStore().read(sql())));
  }

  private Sql sql() {
    return new Sql(stores.postgres(), Deadline.in(LIMIT));
  }

  RawJson execute(CommandRequest request) {
    return bus.ask(Addresses.EXECUTE, request, LIMIT).await();
  }

  <R> R ask(Principal who, CommandKind kind, Object params, @Nullable String key, Class<R> type) {
    return Json.read(execute(request(who, kind, params, key)).text(), type);
  }

  Fault refused(Principal who, CommandKind kind, Object params, @Nullable String key) {
    try {
      RawJson answer = execute(request(who, kind, params, key));
      throw new AssertionError("answered " + answer.text());
    } catch (FaultException refused) {
      return refused.fault();
    }
  }

  static CommandRequest request(
      Principal who, CommandKind kind, Object params, @Nullable String key) {
    RawJson json = params instanceof String text ? new RawJson(text) : RawJson.of(params);
    return new CommandRequest(kind, json, who, key, "corr-" + key);
  }

  TaskView create(String prompt) {
    return create(ALICE, Map.of("prompt", prompt));
  }

  TaskView create(Principal who, Map<String, Object> params) {
    return ask(who, CommandKind.TASK_CREATE, params, Ids.next(clock), TaskView.class);
  }

  TaskView get(TaskId id) {
    return get(ALICE, id);
  }

  TaskView get(Principal who, TaskId id) {
    return ask(who, CommandKind.TASK_GET, new Command.TaskGet(id), null, TaskView.class);
  }

  TaskView awaitState(TaskId id, TaskState state) {
    await().atMost(LIMIT).until(() -> get(id).state() == state);
    return get(id);
  }

  void awaitStarted(String... prompts) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> org.assertj.core.api.Assertions.assertThat(registry.started()).contains(prompts));
  }

  /// Every event of the tenant about the task, as `change#attempt`.
  List<String> history(TaskId id) {
    List<String> changes = new ArrayList<>();
    for (Event event : log.read(ALICE.tenant(), 0, Long.MAX_VALUE, 10_000).await()) {
      if (event.fact() instanceof Fact.TaskChanged changed && changed.task().id().equals(id)) {
        changes.add(changed.change().wireName() + "#" + changed.task().attempt());
      }
    }
    return changes;
  }

  List<Long> seqs() {
    return log.read(ALICE.tenant(), 0, Long.MAX_VALUE, 10_000).await().stream()
        .map(Event::seq)
        .collect(Collectors.toList());
  }

  Row row(String sql, Object... arguments) {
    return stores
        .postgres()
        .preparedQuery(sql)
        .execute(Tuple.from(arguments))
        .await()
        .iterator()
        .next();
  }

  /// The sum over all nodes.
  double count(String meter, String... tags) {
    return meters.stream()
        .flatMap(node -> node.find(meter).tags(tags).counters().stream())
        .mapToDouble(Counter::count)
        .sum();
  }

  @Override
  public void close() {
    List.copyOf(deployments.keySet()).forEach(this::stop);
    stores.close().await();
    vertx.close().await();
  }
}
