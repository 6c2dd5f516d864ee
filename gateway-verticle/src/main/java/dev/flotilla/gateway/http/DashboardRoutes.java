package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Contract;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.meter.Totals;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Scope;
import dev.flotilla.telemetry.Version;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/// HTTP beside the dashboard's socket. Whether it serves, and how much it has, anybody may know, as
/// with `/health` and `/metrics`; the counts in detail are for who may read events, and telling
/// everybody something is a command.
record DashboardRoutes(
    Edge edge,
    Authenticator authenticator,
    Carriers carriers,
    RestRoutes rest,
    MetricsRoute socketMeters,
    BooleanSupplier draining) {

  @JsonNaming(SnakeCaseStrategy.class)
  private record SocketHealth(
      String status,
      String contractVersion,
      String version,
      NodeId node,
      int connections,
      String timestamp) {}

  /// @param connections open sessions of dashboards
  @JsonNaming(SnakeCaseStrategy.class)
  private record Stats(
      String contractVersion,
      NodeId node,
      int connections,
      Map<String, Totals> dialects,
      String timestamp) {}

  void mount(Router router) {
    for (String prefix : RestRoutes.PREFIXES) {
      String sockets = prefix + "/dashboard/websocket";
      router.get(sockets + "/health").handler(this::health);
      router.get(sockets + "/stats").handler(this::stats);
      router.post(sockets + "/broadcast").handler(rest.handler(CommandKind.ALERT_RAISE));
      router.get(prefix + "/dashboard/metrics/websockets").handler(socketMeters);
    }
  }

  private void health(RoutingContext context) {
    boolean serves = !draining.getAsBoolean();
    JsonAnswer.send(
        context,
        serves ? 200 : 503,
        new SocketHealth(
            serves ? "healthy" : "draining",
            Contract.DASHBOARD.currentVersion(),
            Version.CURRENT,
            edge.node().id(),
            edge.meters().totals(Encoding.DASHBOARD).sessions(),
            edge.now().toString()));
  }

  private void stats(RoutingContext context) {
    authenticator
        .authenticate(carriers.ofRequest(context.request(), false), Via.REST)
        .map(
            principal -> {
              principal.require(Scope.EVENTS_READ);
              return stats();
            })
        .onComplete(stats -> JsonAnswer.send(context, 200, stats), context::fail);
  }

  private Stats stats() {
    Map<String, Totals> dialects = new TreeMap<>();
    for (Encoding encoding : Encoding.values()) {
      dialects.put(encoding.wireName(), edge.meters().totals(encoding));
    }
    return new Stats(
        Contract.DASHBOARD.currentVersion(),
        edge.node().id(),
        edge.meters().totals(Encoding.DASHBOARD).sessions(),
        dialects,
        edge.now().toString());
  }
}
