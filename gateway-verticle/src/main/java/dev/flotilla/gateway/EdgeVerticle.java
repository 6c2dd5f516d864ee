package dev.flotilla.gateway;

import dev.flotilla.cluster.Node;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Http;
import dev.flotilla.gateway.dialect.chat.ChatDialect;
import dev.flotilla.gateway.dialect.control.ControlDialect;
import dev.flotilla.gateway.dialect.dashboard.DashboardDialect;
import dev.flotilla.gateway.dialect.work.WorkDialect;
import dev.flotilla.gateway.http.EarlyRoutes;
import dev.flotilla.gateway.http.Renewal;
import dev.flotilla.gateway.http.RequestClock;
import dev.flotilla.gateway.http.ServerSetup;
import dev.flotilla.gateway.session.Destinations;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.telemetry.Readiness;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One event loop's share of a gateway: its server, sessions and hub. Servers of one port share its
/// connections.
///
/// It listens from its deployment on, and says only how the node is; [#open] gives it what is
/// behind its door, and no connection notices.
final class EdgeVerticle extends VerticleBase {
  private static final Duration TURN = Duration.ofSeconds(1);
  private static final Duration BEYOND_COMMANDS = Duration.ofSeconds(1);

  private final FleetConfig config;
  private final Node self;
  private final Readiness readiness;
  private final Clock clock;
  private final List<Dialect> more;
  private final int wantedPort;
  private HttpServer server;
  private RequestClock slow;
  private Handler<HttpServerRequest> door;
  private @Nullable Interior interior;

  /// @param self of which only the name and the roles are told
  /// @param more dialects beside the product's own
  @SuppressWarnings("NullAway.Init") // Made on the verticle's context.
  EdgeVerticle(
      FleetConfig config,
      Node self,
      Readiness readiness,
      Clock clock,
      List<Dialect> more,
      int wantedPort) {
    this.config = config;
    this.self = self;
    this.readiness = readiness;
    this.clock = clock;
    this.more = more;
    this.wantedPort = wantedPort;
  }

  @Override
  public Future<?> start() {
    Http http = config.http();
    vertx.setPeriodic(TURN.toMillis(), _ -> readiness.turns(loop()));
    slow = new RequestClock(vertx, http.requestTimeout(), clock);
    door = EarlyRoutes.of(vertx, context, self, readiness, slow, clock);
    List<String> subprotocols = dialects(config).stream().map(Dialect::subprotocol).toList();
    server =
        vertx
            .createHttpServer(ServerSetup.options(config.gateway(), http, subprotocols))
            .connectionHandler(slow::connected)
            .invalidRequestHandler(request -> ServerSetup.refuse(request, clock))
            .requestHandler(request -> door.handle(request));
    return server.listen(wantedPort, config.gateway().host());
  }

  /// Takes renewed certificates, for all servers of the port.
  void renewCertificates() {
    context.runOnContext(_ -> Renewal.watch(vertx, config.http(), server));
  }

  /// From now on it serves.
  Future<Void> open(Wiring wiring, Common common) {
    Promise<Void> opened = Promise.promise();
    context.runOnContext(
        _ -> {
          Interior inside = Interior.of(vertx, context, wiring, common, slow);
          interior = inside;
          door = inside.door(config, dialects(config));
          opened.complete();
        });
    return opened.future();
  }

  /// From now on requests, and sessions that begin, are met as that configuration says. Those that
  /// are there go on as they began.
  void reload(FleetConfig changed) {
    context.runOnContext(
        _ -> {
          if (interior != null) {
            door = interior.door(changed, dialects(changed));
          }
        });
  }

  private String loop() {
    return "gateway " + context.deploymentID();
  }

  int port() {
    return server.actualPort();
  }

  /// Sends so many sessions of this loop elsewhere as there are destinations, paced.
  ///
  /// @param size how many of this loop are expected to go
  Future<Void> rebalance(Destinations destinations, int size) {
    Promise<Void> done = Promise.promise();
    context.runOnContext(
        _ -> {
          if (interior == null) {
            done.complete();
          } else {
            interior.sessions().rebalance(destinations, size).onComplete(done);
          }
        });
    return done.future();
  }

  /// Sessions first, while health still answers that the node is draining; then the server, which
  /// ends as soon as the HTTP requests in flight are answered.
  @Override
  public Future<?> stop() {
    readiness.drain("the node is about to stop");
    Interior inside = interior;
    Future<?> left = inside == null ? Future.succeededFuture() : drained(inside);
    Duration grace = config.gateway().commandTimeout().plus(BEYOND_COMMANDS);
    return left.compose(_ -> server.shutdown(grace.toMillis(), TimeUnit.MILLISECONDS))
        .otherwiseEmpty()
        .onComplete(
            _ -> {
              if (inside != null) {
                inside.close();
              }
              readiness.ends(loop());
            });
  }

  private Future<?> drained(Interior inside) {
    Duration window = config.node().drainTimeout().dividedBy(3);
    Duration limit = window.plus(config.gateway().commandTimeout());
    return after(config.gateway().drainLead())
        .compose(_ -> inside.destinations())
        .compose(destinations -> within(inside.sessions().drain(destinations, window), limit));
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
    dialects.add(new WorkDialect(limits.work(), clock));
    dialects.addAll(more);
    return dialects;
  }
}
