package dev.flotilla.gateway.http;

import dev.flotilla.cluster.Node;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.telemetry.Readiness;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;

/// What a node answers while it starts: how it is, and that all else, sockets too, has to wait.
public final class EarlyRoutes {
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private EarlyRoutes() {}

  /// @param loop the server's own
  public static Handler<HttpServerRequest> of(
      Vertx vertx, Context loop, Node self, Readiness readiness, RequestClock slow, Clock clock) {
    Router router = Router.router(vertx);
    router.route().handler(context -> enter(context, clock));
    new HealthRoutes(self, loop, readiness).mount(router);
    router.route().handler(context -> Problem.answer(context, notYet(readiness)));
    return request -> {
      slow.begin(request);
      router.handle(request);
    };
  }

  private static void enter(RoutingContext context, Clock clock) {
    Correlation.begin(context, clock);
    Hardening.apply(context.request());
    if (context.request().version() != HttpVersion.HTTP_2) {
      // What else comes over the connection, such as a body, is not waited for.
      context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    context.next();
  }

  private static Fault notYet(Readiness readiness) {
    String doing = readiness.starting();
    return Fault.retryLater(
        Reason.UNAVAILABLE,
        doing == null ? "The node starts." : "The node starts: " + doing,
        RETRY_AFTER);
  }
}
