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
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The gateway of a node: deploy it once, on an event loop.
///
/// It owns the feeds, which live on its own context, and opens the door of each [EdgeVerticle] of
/// its porch. Undeploying it is the drain: the edges go first, and the feeds last.
public final class GatewayVerticle extends VerticleBase {
  private static final Duration LINGER = Duration.ofSeconds(30);

  /// What a log that is alive may take beyond its statement timeout.
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Wiring wiring;
  private final int loops;
  private final Duration linger;
  private final List<Dialect> more;
  private @Nullable Porch porch;
  private Common common;

  /// Listens once it is deployed.
  public GatewayVerticle(Wiring wiring) {
    this(wiring, Runtime.getRuntime().availableProcessors(), LINGER, List.of());
  }

  /// @param porch which listens already
  public GatewayVerticle(Wiring wiring, Porch porch) {
    this(wiring);
    this.porch = porch;
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
    return revocations
        .start()
        .compose(_ -> porch())
        .compose(this::open)
        .compose(_ -> deployIngest());
  }

  /// Where it listens: the configured port, or the one it was given where that is 0.
  public int port() {
    return Objects.requireNonNull(porch).port();
  }

  /// Takes what of a configuration can change while sessions are there.
  public void reload(FleetConfig config) {
    Objects.requireNonNull(porch).edges().forEach(edge -> edge.reload(config));
  }

  @Override
  public Future<?> stop() {
    Future<?> left = porch == null ? Future.succeededFuture() : porch.close();
    return left.eventually(common::stop);
  }

  private Future<Porch> porch() {
    Porch given = porch;
    return given != null
        ? Future.succeededFuture(given)
        : Porch.open(
                vertx,
                wiring.config(),
                wiring.membership().self(),
                wiring.readiness(),
                wiring.clock(),
                more,
                loops)
            .onSuccess(made -> porch = made);
  }

  private Future<?> open(Porch listening) {
    List<EdgeVerticle> edges = listening.edges();
    return Future.join(edges.stream().map(edge -> edge.open(wiring, common)).toList())
        .compose(_ -> common.departures().open(edges));
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
