package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.Ids;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.telemetry.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All routes of one event loop's HTTP server, and how every error of theirs becomes a problem.
public final class Routes {
  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  private final Router router;
  private final Clock clock;

  private Routes(Vertx vertx, Clock clock) {
    this.router = Router.router(vertx);
    this.clock = clock;
  }

  /// @param sockets null where the node does not have the gateway role: then it only says how it
  ///     is
  public static Handler<HttpServerRequest> of(
      Edge edge,
      @Nullable SocketRoutes sockets,
      Readiness readiness,
      PrometheusMeterRegistry meters) {
    Routes routes = new Routes(edge.vertx(), edge.clock());
    routes.router.route().handler(routes::enter);
    new HealthRoutes(edge.node(), readiness).mount(routes.router);
    routes.router.get("/metrics").handler(new MetricsRoute(meters));
    if (sockets != null) {
      sockets.mount(routes.router);
      Authenticator authenticator = edge.authenticator();
      new RestRoutes(
              authenticator,
              edge.commands(),
              edge.clock(),
              sockets::draining,
              edge.config().maxBodyBytes())
          .mount(routes.router);
    }
    routes.refuseOtherMethods();
    routes.router.route().handler(routes::nothingHere);
    routes.router.route().failureHandler(context -> routes.failed(context, context.statusCode()));
    for (int status : new int[] {400, 404, 405, 413, 414, 415, 500}) {
      routes.router.errorHandler(status, context -> routes.failed(context, status));
    }
    return request -> {
      if (sockets == null || !sockets.take(request)) {
        routes.router.handle(request);
      }
    };
  }

  private void enter(RoutingContext context) {
    Correlation.begin(context, clock);
    context
        .response()
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    context.next();
  }

  /// A path that exists, with a method that it does not have: one more route for each path.
  private void refuseOtherMethods() {
    Map<String, Set<String>> methods = new TreeMap<>();
    for (Route route : router.getRoutes()) {
      if (route.getPath() != null && route.methods() != null) {
        Set<String> names = methods.computeIfAbsent(route.getPath(), _ -> new TreeSet<>());
        route.methods().stream().map(HttpMethod::name).forEach(names::add);
      }
    }
    methods.forEach(
        (path, allowed) ->
            router
                .route(path)
                .handler(
                    context -> {
                      context.response().putHeader(HttpHeaders.ALLOW, String.join(", ", allowed));
                      Problem.answer(
                          context,
                          Fault.of(Reason.METHOD_NOT_ALLOWED, "This path has no such method."));
                    }));
  }

  private void nothingHere(RoutingContext context) {
    Problem.answer(context, Fault.of(Reason.NOT_FOUND, "There is nothing at this path."));
  }

  private void failed(RoutingContext context, int status) {
    Fault fault = fault(context, status);
    // What is left of the body is not worth reading.
    if (!context.request().isEnded()) {
      context.request().resume();
    }
    if (fault.reason() == Reason.PAYLOAD_TOO_LARGE || fault.reason() == Reason.DRAINING) {
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    Problem.answer(context, fault);
  }

  private Fault fault(RoutingContext context, int status) {
    Throwable failure = context.failure();
    Fault known = failure == null ? null : FaultException.in(failure);
    if (known != null) {
      return known;
    }
    if (status == 404) {
      return Fault.of(Reason.NOT_FOUND, "There is nothing at this path.");
    }
    if (status >= 400 && status < 500) {
      return Fault.of(Reason.INVALID_FIELD, "This is not a request that can be understood.");
    }
    String incident = Ids.next(clock);
    LOG.atError()
        .setCause(failure)
        .addKeyValue(LogKeys.CORRELATION_ID, Correlation.of(context))
        .log("incident {} in an HTTP request", incident);
    return Fault.of(Reason.INTERNAL, "Something went wrong (incident " + incident + ").");
  }
}
