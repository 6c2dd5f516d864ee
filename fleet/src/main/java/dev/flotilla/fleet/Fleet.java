package dev.flotilla.fleet;

import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.BusCheck;
import dev.flotilla.cluster.HazelcastCluster;
import dev.flotilla.cluster.Membership;
import dev.flotilla.cluster.Node;
import dev.flotilla.cluster.NodeRole;
import dev.flotilla.command.CommandVerticle;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.credential.Sealing;
import dev.flotilla.credential.Vault;
import dev.flotilla.fleet.tracing.OpenTelemetryTracing;
import dev.flotilla.gateway.GatewayVerticle;
import dev.flotilla.gateway.Porch;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.log.EventLog;
import dev.flotilla.node.Wiring;
import dev.flotilla.registry.RegistryVerticle;
import dev.flotilla.store.SlowStart;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.telemetry.Tracing;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The composition root: one node's parts, put together by hand, and taken apart in reverse order.
public final class Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final Vertx vertx;
  private final Stores stores;
  private final Readiness readiness;
  private final Tracing tracing;
  private final List<String> deployments = new ArrayList<>();
  private @Nullable GatewayVerticle gateway;

  private Fleet(Vertx vertx, Stores stores, Readiness readiness, Tracing tracing) {
    this.vertx = vertx;
    this.stores = stores;
    this.readiness = readiness;
    this.tracing = tracing;
  }

  /// What the node needs before it joins the fleet. It may block, and says what it does.
  @FunctionalInterface
  interface Preparation {
    void prepare(Readiness readiness) throws StartFailure;
  }

  /// Answers at its port, prepares, joins the cluster and serves. Blocks; on a failure everything
  /// is closed again.
  static Fleet start(FleetConfig config, NodeId id, Clock clock, Preparation preparation)
      throws StartFailure {
    PrometheusMeterRegistry meters = NodeMeters.registry();
    Readiness readiness = new Readiness();
    readiness.starts("It prepares.");
    Node self = self(config, id);
    AtomicReference<Porch> porch = new AtomicReference<>();
    HazelcastCluster cluster =
        HazelcastCluster.join(
                config.cluster(),
                self,
                options(),
                Vertx.builder()
                    .withTransport(Transports.of(config.node().transport()))
                    .withMetrics(new MicrometerMetricsFactory(meters)),
                vertx ->
                    Porch.open(vertx, config, self, readiness, clock)
                        .onSuccess(porch::set)
                        .compose(_ -> prepared(vertx, preparation, readiness)))
            .await();
    Fleet fleet =
        new Fleet(
            cluster.vertx(),
            Stores.open(cluster.vertx(), config),
            readiness,
            OpenTelemetryTracing.of(config.telemetry(), id));
    try {
      cluster.requireOwnName(config.cluster().silenceLimit()).await();
      readiness.starts("Its parts begin to work.");
      fleet.deploy(config, cluster, meters, clock, Objects.requireNonNull(porch.get()));
      readiness.started();
      return fleet;
    } catch (RuntimeException failure) {
      cluster.vertx().close().await();
      throw failure;
    }
  }

  private static Future<?> prepared(Vertx vertx, Preparation preparation, Readiness readiness) {
    return vertx.executeBlocking(
        () -> {
          preparation.prepare(readiness);
          readiness.starts("It joins the cluster.");
          return readiness;
        });
  }

  private void deploy(
      FleetConfig config,
      HazelcastCluster cluster,
      PrometheusMeterRegistry meters,
      Clock clock,
      Porch porch) {
    Bus bus = new Bus(vertx, clock);
    EventLog log = new EventLog(stores.postgres(), bus, clock);
    Membership membership = cluster.membership();
    BusCheck.deploy(
            vertx,
            new BusCheck.Wiring(
                cluster, bus, config.cluster().busCheckInterval(), meters, readiness, clock))
        .await();
    Set<NodeRole> roles = membership.self().roles();
    if (roles.contains(NodeRole.REGISTRY) || roles.contains(NodeRole.COMMAND)) {
      sealCredentials(config);
    }
    Wiring wiring =
        new Wiring(config, membership, bus, stores, log, meters, readiness, clock, tracing);
    if (roles.contains(NodeRole.REGISTRY)) {
      deploy(new RegistryVerticle(wiring), ThreadingModel.EVENT_LOOP);
    }
    if (roles.contains(NodeRole.COMMAND)) {
      deploy(new CommandVerticle(wiring), ThreadingModel.VIRTUAL_THREAD);
    }
    // Every node has one: health and metrics are served there, whatever the node's roles.
    gateway =
        new GatewayVerticle(
            new dev.flotilla.gateway.Wiring(
                config,
                membership,
                bus,
                stores,
                log,
                new Tokens(vertx, config.identity(), clock),
                meters,
                readiness,
                clock,
                tracing),
            porch);
    deploy(gateway, ThreadingModel.EVENT_LOOP);
  }

  /// Takes what can change while the node runs.
  void reload(FleetConfig config) {
    if (gateway != null) {
      gateway.reload(config);
    }
  }

  /// Credentials that a version before has left unsealed must not stay so.
  private void sealCredentials(FleetConfig config) {
    Vault vault = new Vault(config.credentials());
    if (!vault.canSeal()) {
      LOG.warn("credentials.key is not set: no instance can be registered by this node");
      return;
    }
    Sealing sealing = new Sealing(stores.postgres(), vault);
    Sealing.Report report = SlowStart.outlast(vertx, sealing::complete).await();
    if (report.changed() > 0) {
      LOG.info("the credentials of {} instances and webhooks were encrypted", report.changed());
    }
    report.unreadable().forEach(problem -> LOG.error("{}", problem));
  }

  private void deploy(Deployable verticle, ThreadingModel threads) {
    DeploymentOptions options = new DeploymentOptions().setThreadingModel(threads);
    deployments.add(vertx.deployVerticle(verticle, options).await());
  }

  /// Stops what serves first and what others stand on last.
  Future<Void> drain() {
    readiness.drain("The node is stopping.");
    Future<Void> stopped = Future.succeededFuture();
    for (String deployment : deployments.reversed()) {
      stopped = stopped.eventually(() -> vertx.undeploy(deployment));
    }
    return stopped
        .eventually(stores::close)
        .eventually(vertx::close)
        .onComplete(_ -> tracing.close());
  }

  private static VertxOptions options() {
    return new VertxOptions()
        .setEventLoopPoolSize(Math.max(2, Runtime.getRuntime().availableProcessors()))
        .setWorkerPoolSize(8)
        .setInternalBlockingPoolSize(8)
        .setMetricsOptions(NodeMeters.vertx());
  }

  private static Node self(FleetConfig config, NodeId id) {
    FleetConfig.Gateway gateway = config.gateway();
    String url =
        gateway.publicUrl() == null
            ? (config.http().tls() ? "https://" : "http://") + gateway.host() + ":" + gateway.port()
            : gateway.publicUrl();
    return new Node(id, EnumSet.copyOf(config.node().roles()), URI.create(url));
  }
}
