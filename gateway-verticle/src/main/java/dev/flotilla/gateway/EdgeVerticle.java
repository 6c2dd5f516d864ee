package dev.flotilla.gateway;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.config.Http;
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
import dev.flotilla.gateway.http.Proxies;
import dev.flotilla.gateway.http.Renewal;
import dev.flotilla.gateway.http.RequestClock;
import dev.flotilla.gateway.http.Routes;
import dev.flotilla.gateway.http.ServerSetup;
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
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One event loop's share of a gateway: its server, sessions and hub. Servers of one port share its
/// connections.
final class EdgeVerticle extends VerticleBase {
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration BEYOND_COMMANDS = Duration.ofSeconds(1);

  private final Wiring wiring;
  private final Common common;
  private final List<Dialect> more;
  private final int wantedPort;
  private HttpServer server;
  private Edge edge;
  private Sessions sessions;
  private RequestClock slow;
  private Handler<HttpServerRequest> door;

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
            new Commands(
                vertx,
                wiring.bus(),
                config.commandTimeout(),
                meters,
                wiring.clock(),
                wiring.tracing()),
            new Hub(context, common.feeds(), meters),
            wiring.log(),
            common.quotas(),
            common.presence(),
            meters,
            wiring.clock());
    sessions = new Sessions(edge);
    common.revocations().listen(revoked -> context.runOnContext(_ -> sessions.revoke(revoked)));
    vertx.setPeriodic(TURN.toMillis(), _ -> wiring.readiness().turns(loop()));
    Http http = wiring.config().http();
    slow = new RequestClock(vertx, http.requestTimeout(), wiring.clock());
    door = door(wiring.config());
    server =
        vertx
            .createHttpServer(ServerSetup.options(config, http, subprotocols(wiring.config())))
            .connectionHandler(slow::connected)
            .invalidRequestHandler(request -> ServerSetup.refuse(request, wiring.clock()))
            .requestHandler(request -> door.handle(request));
    return server
        .listen(wantedPort, config.host())
        .onSuccess(listening -> Renewal.watch(vertx, http, listening));
  }

  /// From now on requests, and sessions that begin, are met as that configuration says. Those that
  /// are there go on as they began.
  void reload(FleetConfig config) {
    context.runOnContext(_ -> door = door(config));
  }

  private Handler<HttpServerRequest> door(FleetConfig config) {
    Edge outer = edge.with(config.gateway());
    List<Dialect> dialects = dialects(config);
    boolean serves = config.node().roles().contains(NodeRole.GATEWAY);
    return Routes.of(
        outer,
        Proxies.of(config.http()),
        slow,
        config.telemetry().accessLog(),
        serves ? entrances(outer, dialects, config) : null,
        dialects,
        wiring.readiness(),
        wiring.meters());
  }

  private String loop() {
    return "gateway " + context.deploymentID();
  }

  private List<String> subprotocols(FleetConfig config) {
    return dialects(config).stream().map(Dialect::subprotocol).toList();
  }

  private Authenticator authenticator(FleetConfig.Gateway config) {
    Tickets tickets =
        new Tickets(vertx, wiring.stores().redis(), config.ticketLifetime(), wiring.clock());
    Vouching vouching = new Vouching(wiring.tokens(), common.keys(), common.revocations());
    return new Authenticator(vouching, tickets, config, common.meters());
  }

  private Entrances entrances(Edge outer, List<Dialect> dialects, FleetConfig config) {
    DialectLimits limits = config.dialects().stream();
    return new Entrances(
        new SocketRoutes(outer, sessions, common.lobby(), dialects),
        new StreamRoute(outer, sessions, limits),
        accounts(config.accounts()),
        config.identity());
  }

  private Accounts accounts(FleetConfig.Accounts config) {
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
        .onComplete(
            _ -> {
              sessions.stop();
              wiring.readiness().ends(loop());
            });
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
  private List<Dialect> dialects(FleetConfig config) {
    FleetConfig.Dialects limits = config.dialects();
    List<Dialect> dialects = new ArrayList<>();
    dialects.add(new ControlDialect(limits.control()));
    dialects.add(new DashboardDialect(limits.dashboard()));
    dialects.add(new ChatDialect(limits.chat()));
    dialects.add(new WorkDialect(limits.work(), wiring.clock()));
    dialects.addAll(more);
    return dialects;
  }
}
