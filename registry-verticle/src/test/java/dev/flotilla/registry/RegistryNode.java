package dev.flotilla.registry;

import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.LoneMembership;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// A registry node on real stores, alone in its fleet.
final class RegistryNode implements AutoCloseable {
  static final NodeId NODE = new NodeId("node-1");
  static final TenantId ACME = new TenantId("acme");
  static final Duration PATIENCE = Patience.LIMIT;
  private static final String INSERT =
      """
      insert into instances (id, tenant, url, token, max_concurrency, created_by, created_at)
      values ($1, 'acme', $2, $3, 2, 'alice', now())
      """;

  final Vertx vertx = Vertx.vertx();
  final Bus bus = new Bus(vertx, Clock.systemUTC());
  final List<RunEnded> ended = new CopyOnWriteArrayList<>();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final FleetConfig config;
  final Stores stores;

  RegistryNode(Map<String, String> settings) {
    this(fresh(settings));
  }

  private static FleetConfig fresh(Map<String, String> settings) {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "FLOTILLA_REGISTRY_REPORT_INTERVAL", "100ms",
                "FLOTILLA_REGISTRY_REFRESH_INTERVAL", "300ms",
                "FLOTILLA_REGISTRY_RECONNECT_MAX", "300ms"));
    all.putAll(settings);
    return TestStores.fresh(all);
  }

  /// On stores that another one has, too.
  RegistryNode(FleetConfig config) {
    this.config = config;
    stores = Stores.open(vertx, config);
    bus.listen(Addresses.runEnded(NODE), ended::add);
    vertx
        .deployVerticle(
            new RegistryVerticle(
                new Wiring(
                    config,
                    LoneMembership.named(NODE.value()),
                    bus,
                    stores,
                    new EventLog(stores.postgres(), bus, Clock.systemUTC()),
                    meters,
                    new Readiness(),
                    Clock.systemUTC())))
        .await();
  }

  /// As a version before has written it.
  void register(String id, URI url, String token) {
    sql(INSERT, id, url.toString(), token);
  }

  void sql(String statement, Object... arguments) {
    stores.postgres().preparedQuery(statement).execute(Tuple.from(arguments)).await();
    bus.publish(Addresses.INSTANCES_CHANGED, new Bell());
  }

  Optional<InstanceReport> report(String id) {
    return bus.ask(Addresses.INSTANCES, new Bell(), PATIENCE).await().reports().stream()
        .filter(report -> report.instance().equals(new InstanceId(id)))
        .findFirst();
  }

  InstanceReport awaitState(String id, InstanceState state) {
    return await()
        .atMost(PATIENCE)
        .until(() -> report(id).filter(report -> report.state() == state), Optional::isPresent)
        .orElseThrow();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
