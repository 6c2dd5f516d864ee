package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.session.Arrival;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Sessions;
import dev.flotilla.telemetry.Readiness;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where sockets are opened. Upgrades are taken before the router, which would wrap the socket;
/// whatever else comes to these paths is told what they are for.
public final class SocketRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final Readiness readiness;
  private final Map<String, Dialect> dialects = new HashMap<>();

  public SocketRoutes(Sessions sessions, List<Dialect> dialects, Readiness readiness) {
    this.sessions = sessions;
    this.readiness = readiness;
    dialects.forEach(dialect -> dialect.paths().forEach(path -> this.dialects.put(path, dialect)));
  }

  void mount(Router router) {
    dialects.keySet().forEach(path -> router.get(path).handler(this::explain));
  }

  /// True where the request is taken: its socket is opened, or the server has refused it.
  boolean take(HttpServerRequest request) {
    Dialect dialect = dialects.get(request.path());
    if (dialect == null || !isUpgrade(request) || readiness.draining()) {
      return false;
    }
    Arrival arrival = new Arrival(Authenticator.bearer(request.headers()), null, false);
    request
        .toWebSocket()
        .onSuccess(socket -> sessions.open(dialect, socket, arrival))
        .onFailure(failure -> LOG.debug("a socket was not opened", failure));
    return true;
  }

  private void explain(RoutingContext context) {
    if (isUpgrade(context.request())) {
      Problem.answer(
          context, Fault.retryLater(Reason.DRAINING, "This node is about to stop.", RETRY_AFTER));
    } else {
      context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      Problem.answer(context, Fault.of(Reason.UPGRADE_REQUIRED, "This path is for WebSockets."));
    }
  }

  private static boolean isUpgrade(HttpServerRequest request) {
    return "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }
}
