package dev.flotilla.gateway;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.auth.ApiKeys;
import dev.flotilla.gateway.auth.Revocations;
import dev.flotilla.gateway.feed.Feeds;
import dev.flotilla.gateway.feed.LogView;
import dev.flotilla.gateway.ingest.IngestVerticle;
import dev.flotilla.gateway.limit.Quotas;
import dev.flotilla.gateway.limit.RateClasses;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.presence.Presence;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Lobby;
import dev.flotilla.presence.Roster;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The gateway of a node: deploy it once, on an event loop.
///
/// It owns the feeds, which live on its own context, and deploys one [EdgeVerticle] per event loop
/// as its children. Undeploying it is the drain: the children go first, and the feeds last.
public final class GatewayVerticle extends VerticleBase {
  private static final Duration LINGER = Duration.ofSeconds(30);

  /// What a log that is alive may take beyond its statement timeout.
  private static final Duration GRACE = Duration.ofSeconds(2);

  /// Servers that ask for the same negative port share one free port.
  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private final Wiring wiring;
  private final int loops;
  private final Duration linger;
  private final List<Dialect> more;
  private final List<EdgeVerticle> edges = new ArrayList<>();
  private int port;
  private Common common;

  public GatewayVerticle(Wiring wiring) {
    this(wiring, Runtime.getRuntime().availableProcessors(), LINGER, List.of());
  }

  /// @param loops how many event loops serve sockets
  /// @param linger how long a tenant's feed outlives its last session
  /// @param more dialects beside the product's own
  @SuppressWarnings("NullAway.Init") // Made on the verticle's context.
  GatewayVerticle(Wiring wiring, int loops, Duration linger, List<Dialect> more) {
    this.wiring = wiring;
    this.loops = loops;
    this.linger = linger;
    this.more = List.copyOf(more);
  }

  @Override
  public Future<?> start() {
    GatewayMeters meters = new GatewayMeters(wiring.meters());
    var config = wiring.config().gateway();
    Duration answersWithin = wiring.config().postgres().statementTimeout().plus(GRACE);
    Feeds feeds =
        new Feeds(
            vertx,
            wiring.bus(),
            LogView.within(answersWithin, LogView.of(wiring.log())),
            meters,
            new Feeds.Settings(config.ringEvents(), config.headInterval(), linger));
    Presence presence =
        new Presence(
            vertx,
            new Roster(wiring.stores().redis()),
            wiring.log(),
            wiring.membership().self().id(),
            wiring.config().presence(),
            wiring.meters());
    Revocations revocations =
        new Revocations(
            vertx,
            wiring.stores().postgres(),
            wiring.bus(),
            wiring.config().accounts().revocationInterval(),
            wiring.clock());
    RateClasses classes = new RateClasses(vertx, wiring.stores().postgres());
    common =
        new Common(
            feeds,
            new Quotas(vertx, wiring.stores().redis(), wiring.meters(), classes::of),
            classes,
            presence,
            new Lobby(config.maxUnadmitted(), meters),
            new Departures(wiring, meters),
            revocations,
            new ApiKeys(vertx, wiring.stores().postgres(), revocations, wiring.clock()),
            meters);
    if (wiring.config().node().roles().contains(NodeRole.GATEWAY)) {
      wiring.readiness().add("commands", this::canReachCommands);
    }
    int wanted = config.port() == 0 ? -FREE_PORTS.incrementAndGet() : config.port();
    return revocations
        .start()
        .compose(_ -> deployEdges(wanted, loops))
        .compose(_ -> common.departures().open(edges))
        .compose(_ -> deployIngest());
  }

  /// Where it listens: the configured port, or the one it was given where that is 0.
  public int port() {
    return port;
  }

  /// Takes what of a configuration can change while sessions are there.
  public void reload(FleetConfig config) {
    edges.forEach(edge -> edge.reload(config));
  }

  @Override
  public Future<?> stop() {
    return common.stop();
  }

  private Future<?> deployEdges(int wantedPort, int count) {
    List<Future<String>> deployments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      EdgeVerticle edge = new EdgeVerticle(wiring, common, more, wantedPort);
      edges.add(edge);
      deployments.add(vertx.deployVerticle(edge).onSuccess(_ -> port = edge.port()));
    }
    return Future.join(deployments);
  }

  private Future<?> deployIngest() {
    boolean serves = wiring.config().node().roles().contains(NodeRole.GATEWAY);
    return serves && !wiring.config().ingest().rules().isEmpty()
        ? vertx.deployVerticle(
            new IngestVerticle(wiring.config(), wiring.membership(), wiring.log(), wiring.meters()))
        : Future.succeededFuture();
  }

  private Future<@Nullable String> canReachCommands() {
    int nodes = wiring.membership().withRole(NodeRole.COMMAND).size();
    return nodes > 0
        ? Future.succeededFuture(nodes + " command nodes")
        : Future.failedFuture("no command node in the fleet");
  }
}
