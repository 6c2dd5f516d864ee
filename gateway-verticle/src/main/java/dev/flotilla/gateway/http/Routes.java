package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.auth.Carriers;
import dev.flotilla.gateway.auth.Provider;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.gateway.meter.Via;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Edge;
import dev.flotilla.identity.Ids;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.telemetry.Readiness;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.List;
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
  private final GatewayMeters meters;
  private final Clock clock;

  private final boolean logsAccess;

  private Routes(Vertx vertx, GatewayMeters meters, Clock clock, boolean logsAccess) {
    this.router = Router.router(vertx);
    this.meters = meters;
    this.clock = clock;
    this.logsAccess = logsAccess;
  }

  /// @param outside who may say where a request comes from
  /// @param slow closes what does not come in time
  /// @param logsAccess whether each request is logged
  /// @param entrances null where the node does not have the gateway role: then it only says how it
  ///     is
  public static Handler<HttpServerRequest> of(
      Edge edge,
      Proxies outside,
      RequestClock slow,
      boolean logsAccess,
      @Nullable Entrances entrances,
      List<Dialect> dialects,
      Readiness readiness,
      PrometheusMeterRegistry meters) {
    Routes routes = new Routes(edge.vertx(), edge.meters(), edge.clock(), logsAccess);
    routes.router.route().handler(routes::enter);
    Carriers carriers = Carriers.of(edge.config());
    new Sharing(carriers.origins()).mount(routes.router);
    new HealthRoutes(edge.node(), edge.loop(), readiness).mount(routes.router);
    routes.router.get("/metrics").handler(MetricsRoute.all(meters));
    if (entrances != null) {
      entrances.sockets().mount(routes.router);
      entrances.stream().mount(routes.router);
      new TicketRoute(edge.authenticator()).mount(routes.router);
      LoginCookies cookies = LoginCookies.of(edge.config());
      new AuthRoutes(edge, entrances.accounts(), carriers, cookies).mount(routes.router);
      Provider provider = entrances.provider();
      String issuer = entrances.identity().oidc().issuer();
      if (provider != null && issuer != null) {
        new OidcRoutes(
                edge,
                entrances.accounts(),
                provider,
                cookies,
                issuer,
                entrances.identity().secret())
            .mount(routes.router);
      }
      new CallRoute(edge, carriers, entrances::draining).mount(routes.router);
      Authenticator authenticator = edge.authenticator();
      RestRoutes rest =
          new RestRoutes(
              authenticator,
              carriers,
              edge.commands(),
              edge.clock(),
              entrances::draining,
              edge.config().maxBodyBytes());
      rest.mount(routes.router);
      new ContractRoutes(edge, dialects, entrances.stream().limits()).mount(routes.router);
      new DashboardRoutes(
              edge,
              authenticator,
              carriers,
              rest,
              MetricsRoute.only(meters, MeterNames.ofSockets()),
              readiness::draining)
          .mount(routes.router);
    }
    routes.refuseOtherMethods();
    routes.router.route().handler(routes::nothingHere);
    routes.router.route().failureHandler(context -> routes.failed(context, context.statusCode()));
    for (int status : new int[] {400, 404, 405, 413, 414, 415, 500}) {
      routes.router.errorHandler(status, context -> routes.failed(context, status));
    }
    return arrived -> {
      HttpServerRequest request = outside.outside(arrived);
      slow.begin(request);
      if (entrances == null
          || !entrances.sockets().take(request, () -> slow.forget(request.connection()))) {
        routes.router.handle(request);
      }
    };
  }

  private void enter(RoutingContext context) {
    Correlation.begin(context, clock);
    if (logsAccess) {
      AccessLog.begin(context);
    }
    Hardening.apply(context.request());
    if (context.request().version() == HttpVersion.HTTP_2) {
      // Its connections are none of an answer's business, and naming them is an error there.
      context.addHeadersEndHandler(
          _ ->
              context
                  .response()
                  .headers()
                  .remove(HttpHeaders.CONNECTION)
                  .remove(HttpHeaders.UPGRADE));
    }
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
    refused(context, fault);
    // What is left of the body is not worth reading.
    if (!context.request().isEnded()) {
      context.request().resume();
    }
    if (fault.reason() == Reason.PAYLOAD_TOO_LARGE || fault.reason() == Reason.DRAINING) {
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
    }
    Problem.answer(context, fault);
  }

  /// Who may not come in, and what a principal may not do, is news.
  private void refused(RoutingContext context, Fault fault) {
    meters.refused(Via.REST, fault.reason());
    if (fault.code() == FaultCode.AUTHORIZATION_FAILED
        || fault.code() == FaultCode.AUTHENTICATION_FAILED) {
      LOG.atInfo()
          .addKeyValue(LogKeys.CORRELATION_ID, Correlation.of(context))
          .addKeyValue(LogKeys.TYPE, context.request().method().name())
          .log("refused: {} at {}", fault.reason(), context.normalizedPath());
    }
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
