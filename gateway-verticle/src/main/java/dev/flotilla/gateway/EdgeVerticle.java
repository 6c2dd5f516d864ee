package dev.flotilla.gateway;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.auth.Accounts;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Tickets;
import dev.flotilla.gateway.auth.Vouching;
import dev.flotilla.gateway.command.Commands;
import dev.flotilla.gateway.dialect.chat.ChatDialect;
import dev.flotilla.gateway.dialect.control.ControlDialect;
import dev.flotilla.gateway.dialect.dashboard.DashboardDialect;
import dev.flotilla.gateway.dialect.work.WorkDialect;
import dev.flotilla.gateway.http.Entrances;
import dev.flotilla.gateway.http.Routes;
import dev.flotilla.gateway.http.SocketRoutes;
import dev.flotilla.gateway.http.StreamRoute;
import dev.flotilla.gateway.hub.Hub;
import dev.flotilla.gateway.limit.Attempts;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.session.Destinations;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.Sessions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One event loop's share of a gateway: its server, sessions and hub. Servers of one port share its
/// connections.
final class EdgeVerticle extends VerticleBase {
  private static final Duration BEYOND_COMMANDS = Duration.ofSeconds(1);
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Wiring wiring;
  private final Common common;
  private final List<Dialect> more;
  private final int wantedPort;
  private HttpServer server;
  private Edge edge;
  private Sessions sessions;

  @SuppressWarnings("NullAway.Init") // Made on the verticle's context.
  EdgeVerticle(Wiring wiring, Common common, List<Dialect> more, int wantedPort) {
    this.wiring = wiring;
    this.common = common;
    this.more = more;
    this.wantedPort = wantedPort;
  }

  @Override
  public Future<?> start() {
    FleetConfig.Gateway config = wiring.config().gateway();
    GatewayMeters meters = common.meters();
    edge =
        new Edge(
            vertx,
            context,
            config,
            wiring.membership().self(),
            authenticator(config),
            new Commands(vertx, wiring.bus(), config.commandTimeout(), meters, wiring.clock()),
            new Hub(context, common.feeds(), meters),
            wiring.log(),
            common.quotas(),
            common.presence(),
            meters,
            wiring.clock());
    sessions = new Sessions(edge);
    common.revocations().listen(revoked -> context.runOnContext(_ -> sessions.revoke(revoked)));
    List<Dialect> dialects = new ArrayList<>(dialects(wiring.config().dialects()));
    dialects.addAll(more);
    boolean serves = wiring.config().node().roles().contains(NodeRole.GATEWAY);
    server =
        vertx
            .createHttpServer(options(config, dialects))
            .requestHandler(
                Routes.of(
                    edge,
                    serves ? entrances(edge, dialects) : null,
                    dialects,
                    wiring.readiness(),
                    wiring.meters()));
    return server.listen(wantedPort, config.host());
  }

  private Authenticator authenticator(FleetConfig.Gateway config) {
    Tickets tickets =
        new Tickets(vertx, wiring.stores().redis(), config.ticketLifetime(), wiring.clock());
    Vouching vouching = new Vouching(wiring.tokens(), common.keys(), common.revocations());
    return new Authenticator(vouching, tickets, config, common.meters());
  }

  private Entrances entrances(Edge edge, List<Dialect> dialects) {
    DialectLimits limits = wiring.config().dialects().stream();
    return new Entrances(
        new SocketRoutes(edge, sessions, common.lobby(), dialects),
        new StreamRoute(edge, sessions, limits),
        accounts(),
        wiring.config().identity());
  }

  private Accounts accounts() {
    FleetConfig.Accounts config = wiring.config().accounts();
    return new Accounts(
        wiring.bus(),
        wiring.tokens(),
        new Attempts(common.quotas(), config),
        config,
        wiring.config().gateway().commandTimeout(),
        common.meters(),
        wiring.clock());
  }

  int port() {
    return server.actualPort();
  }

  /// Sends so many sessions of this loop elsewhere as there are destinations, paced.
  ///
  /// @param size how many of this loop are expected to go
  Future<Void> rebalance(Destinations destinations, int size) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(_ -> sessions.rebalance(destinations, size).onComplete(done));
    return done.future();
  }

  /// Sessions first, while health still answers that the node is draining; then the server, which
  /// ends as soon as the HTTP requests in flight are answered.
  @Override
  public Future<?> stop() {
    wiring.readiness().drain("the node is about to stop");
    FleetConfig.Gateway config = wiring.config().gateway();
    Duration window = wiring.config().node().drainTimeout().dividedBy(3);
    Duration grace = config.commandTimeout().plus(BEYOND_COMMANDS);
    return after(config.drainLead())
        .compose(_ -> edge.here(common.departures().destinations()))
        .compose(
            destinations ->
                within(sessions.drain(destinations, window), window.plus(config.commandTimeout())))
        .compose(_ -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
        .otherwiseEmpty()
        .onComplete(_ -> sessions.stop());
  }

  private Future<?> after(Duration lead) {
    return lead.isZero()
        ? Future.succeededFuture()
        : vertx.timer(lead.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Whoever is still here after the limit is not waited for.
  private Future<Void> within(Future<Void> work, Duration limit) {
    Promise<Void> done = Promise.promise();
    long timer = vertx.setTimer(limit.toMillis(), _ -> done.tryComplete());
    work.onComplete(
        _ -> {
          vertx.cancelTimer(timer);
          done.tryComplete();
        });
    return done.future();
  }

  /// One row for each dialect.
  private List<Dialect> dialects(FleetConfig.Dialects limits) {
    return List.of(
        new ControlDialect(limits.control()),
        new DashboardDialect(limits.dashboard()),
        new ChatDialect(limits.chat()),
        new WorkDialect(limits.work(), wiring.clock()));
  }

  private static HttpServerOptions options(FleetConfig.Gateway config, List<Dialect> dialects) {
    return new HttpServerOptions()
        // The sessions' own business: these would give each socket a window of its own.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setWebSocketSubProtocols(dialects.stream().map(Dialect::subprotocol).toList())
        // For strangers; a session that is connected has limits of its own.
        .setMaxWebSocketFrameSize(config.maxFrameBytesBeforeConnect())
        .setMaxWebSocketMessageSize(config.maxFrameBytesBeforeConnect())
        .setWebSocketClosingTimeout((int) CLOSING.toSeconds())
        .setHttp2ClearTextEnabled(false)
        // A connection is used on its own loop only: then it needs no queues between threads.
        .setStrictThreadMode(true)
        .setHandle100ContinueAutomatically(true)
        // Sockets are pinged well before; this one is for HTTP that says nothing.
        .setIdleTimeout((int) config.pongTimeout().plusSeconds(30).toSeconds())
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
  }
}
