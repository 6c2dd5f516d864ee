package dev.flotilla.fleet.failover;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.command.CommandVerticle;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.RegistryVerticle;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Command and registry nodes in this process on one bus, with real stores and fake instances.
final class Site implements AutoCloseable {
  private final Principal who =
      new Principal(
          new TenantId("acme"),
          new UserId("alice"),
          Set.of(Role.ADMIN),
          Role.ADMIN.scopes(),
          Instant.now().plusSeconds(7200));
  private static final Duration LIMIT = Patience.LIMIT;

  private final Clock clock = Clock.systemUTC();
  private final Vertx vertx = Vertx.vertx();
  private final Bus bus = new Bus(vertx, clock);
  private final FleetConfig config;
  private final Stores stores;
  private final EventLog log;
  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Map<String, String> deployments = new HashMap<>();
  final Map<String, FakeInstance> instances = new LinkedHashMap<>();

  /// The members as one of them sees them.
  private record View(Site site, Node self) implements Membership {
    @Override
    public List<Node> nodes() {
      return List.copyOf(site.nodes);
    }

    @Override
    public void onChange(Runnable listener) {
      site.listeners.add(listener);
    }
  }

  Site(Map<String, String> settings) {
    config = TestStores.fresh(settings);
    stores = Stores.open(vertx, config);
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
    log = new EventLog(stores.postgres(), bus, clock);
  }

  void startCommand(String name) {
    deployments.put(
        name,
        vertx
            .deployVerticle(
                new CommandVerticle(wiring(name, NodeRole.COMMAND)),
                new DeploymentOptions().setThreadingModel(ThreadingModel.VIRTUAL_THREAD))
            .await());
  }

  void startRegistry(String name) {
    RegistryVerticle verticle = new RegistryVerticle(wiring(name, NodeRole.REGISTRY));
    deployments.put(name, vertx.deployVerticle(verticle).await());
  }

  private Wiring wiring(String name, NodeRole role) {
    return new Wiring(
        config,
        join(name, role),
        bus,
        stores,
        log,
        new SimpleMeterRegistry(),
        new Readiness(),
        clock);
  }

  private Membership join(String name, NodeRole role) {
    Node node = new Node(new NodeId(name), Set.of(role), URI.create("http://127.0.0.1:1"));
    nodes.add(node);
    listeners.forEach(Runnable::run);
    return new View(this, node);
  }

  /// The node is gone: its work is stopped before the others hear of it.
  void stop(String name) {
    vertx.undeploy(deployments.remove(name)).await();
    nodes.removeIf(node -> node.id().value().equals(name));
    listeners.forEach(Runnable::run);
  }

  int registries() {
    return (int) nodes.stream().filter(node -> node.roles().contains(NodeRole.REGISTRY)).count();
  }

  /// As one of the registry nodes sees it; they take turns.
  RouteAnswer route(RouteAsk ask) {
    return bus.ask(Addresses.ROUTE, ask, LIMIT).await();
  }

  void register(String id, String region, int slots) {
    register(id, region, slots, List.of());
  }

  FakeInstance register(String id, String region, int slots, List<String> labels) {
    FakeInstance instance = FakeInstance.start("token-" + id);
    instances.put(id, instance);
    execute(
        CommandKind.INSTANCE_REGISTER,
        Map.of(
            "id",
            id,
            "url",
            instance.url().toString(),
            "token",
            instance.token(),
            "region",
            region,
            "maxConcurrency",
            slots,
            "labels",
            labels));
    return instance;
  }

  /// Its machine is lost, and does not come back.
  void kill(String id) {
    FakeInstance instance = instances.get(id);
    if (instance != null) {
      instance.kill();
    }
  }

  RawJson execute(CommandKind kind, Object params) {
    String key = kind.changesState() ? Ids.next(clock) : null;
    return bus.ask(
            Addresses.EXECUTE,
            new CommandRequest(kind, RawJson.of(params), who, key, Ids.next(clock)),
            LIMIT)
        .await();
  }

  <R> R ask(CommandKind kind, Object params, Class<R> type) {
    return Json.read(execute(kind, params).text(), type);
  }

  /// The first column of what a query finds.
  List<String> texts(String query, @Nullable Object... arguments) {
    List<String> found = new ArrayList<>();
    for (Row row : rows(query, arguments)) {
      found.add(String.valueOf(row.getValue(0)));
    }
    return found;
  }

  List<Row> rows(String query, @Nullable Object... arguments) {
    List<Row> found = new ArrayList<>();
    stores
        .postgres()
        .preparedQuery(query)
        .execute(Tuple.from(arguments))
        .await()
        .forEach(found::add);
    return found;
  }

  long number(String query, @Nullable Object... arguments) {
    return Long.parseLong(texts(query, arguments).getFirst());
  }

  @Override
  public void close() {
    vertx.close().await();
    instances.values().forEach(FakeInstance::close);
  }
}
