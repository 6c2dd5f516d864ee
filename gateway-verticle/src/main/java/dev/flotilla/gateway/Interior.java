package dev.flotilla.gateway;

import dev.flotilla.cluster.NodeRole;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Oidc;
import dev.flotilla.gateway.auth.Accounts;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Provider;
import dev.flotilla.gateway.auth.Tickets;
import dev.flotilla.gateway.auth.Vouching;
import dev.flotilla.gateway.command.Commands;
import dev.flotilla.gateway.http.Entrances;
import dev.flotilla.gateway.http.Proxies;
import dev.flotilla.gateway.http.RequestClock;
import dev.flotilla.gateway.http.Routes;
import dev.flotilla.gateway.http.SocketRoutes;
import dev.flotilla.gateway.http.StreamRoute;
import dev.flotilla.gateway.hub.Hub;
import dev.flotilla.gateway.limit.Attempts;
import dev.flotilla.gateway.session.Destinations;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.session.Sessions;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is behind the door of one event loop, once the node serves.
///
/// @param slow closes what does not come in time
/// @param provider null where nobody logs in elsewhere; its settings take a restart
record Interior(
    Wiring wiring,
    Common common,
    Edge edge,
    Sessions sessions,
    RequestClock slow,
    @Nullable Provider provider) {

  /// On the loop's own context.
  static Interior of(
      Vertx vertx, Context context, Wiring wiring, Common common, RequestClock slow) {
    FleetConfig.Gateway config = wiring.config().gateway();
    Commands commands =
        new Commands(
            vertx,
            wiring.bus(),
            config.commandTimeout(),
            common.meters(),
            wiring.clock(),
            wiring.tracing());
    Edge edge =
        new Edge(
            vertx,
            context,
            config,
            wiring.membership().self(),
            authenticator(vertx, wiring, common),
            commands,
            new Hub(context, common.feeds(), common.meters()),
            wiring.log(),
            common.quotas(),
            common.presence(),
            common.meters(),
            wiring.clock());
    Sessions sessions = new Sessions(edge);
    common.revocations().listen(revoked -> context.runOnContext(_ -> sessions.revoke(revoked)));
    Oidc oidc = wiring.config().identity().oidc();
    Provider provider = oidc.used() ? new Provider(vertx, oidc, wiring.clock()) : null;
    return new Interior(wiring, common, edge, sessions, slow, provider);
  }

  /// How requests, and sessions that begin, are met under a configuration.
  Handler<HttpServerRequest> door(FleetConfig config, List<Dialect> dialects) {
    Edge outer = edge.with(config.gateway());
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

  /// Where those go that are sent away at the end.
  Future<Destinations> destinations() {
    return edge.here(common.departures().destinations());
  }

  /// After the last request.
  void close() {
    sessions.stop();
    if (provider != null) {
      provider.close();
    }
  }

  private static Authenticator authenticator(Vertx vertx, Wiring wiring, Common common) {
    FleetConfig.Gateway config = wiring.config().gateway();
    Tickets tickets =
        new Tickets(vertx, wiring.stores().redis(), config.ticketLifetime(), wiring.clock());
    Vouching vouching = new Vouching(wiring.tokens(), common.keys(), common.revocations());
    return new Authenticator(vouching, tickets, config, common.meters(), wiring.clock());
  }

  private Entrances entrances(Edge outer, List<Dialect> dialects, FleetConfig config) {
    return new Entrances(
        new SocketRoutes(outer, sessions, common.lobby(), dialects),
        new StreamRoute(outer, sessions, config.dialects().stream()),
        accounts(config.accounts()),
        config.identity(),
        provider);
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
}
