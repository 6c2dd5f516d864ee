package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.dialect.control.ControlProtocol;
import dev.flotilla.gateway.session.Sessions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where sockets are opened. Upgrades are taken before the router, which would wrap the socket;
/// whatever else comes to these paths is told what they are for.
record SocketRoutes(Sessions sessions, BooleanSupplier draining) {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  void mount(Router router) {
    ControlProtocol.PATHS.forEach(path -> router.get(path).handler(this::explain));
  }

  /// True where the request is taken: its socket is opened, or the server has refused it.
  boolean take(HttpServerRequest request) {
    if (!ControlProtocol.PATHS.contains(request.path())
        || !isUpgrade(request)
        || draining.getAsBoolean()) {
      return false;
    }
    @Nullable String token = Authenticator.bearer(request.headers());
    request
        .toWebSocket()
        .onSuccess(socket -> sessions.open(socket, token))
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
