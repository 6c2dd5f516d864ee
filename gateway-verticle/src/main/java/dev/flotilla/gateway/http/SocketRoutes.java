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

/// Where sockets are opened.
record SocketRoutes(Sessions sessions, BooleanSupplier draining) {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  void mount(Router router) {
    ControlProtocol.PATHS.forEach(path -> router.get(path).handler(this::open));
  }

  private void open(RoutingContext context) {
    HttpServerRequest request = context.request();
    String upgrade = request.getHeader(HttpHeaders.UPGRADE);
    if (!"websocket".equalsIgnoreCase(upgrade)) {
      context.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      Problem.answer(context, Fault.of(Reason.UPGRADE_REQUIRED, "This path is for WebSockets."));
      return;
    }
    if (draining.getAsBoolean()) {
      Problem.answer(
          context, Fault.retryLater(Reason.DRAINING, "This node is about to stop.", RETRY_AFTER));
      return;
    }
    @Nullable String token = Authenticator.bearer(request.headers());
    // On failure the server has answered the request itself.
    request
        .toWebSocket()
        .onSuccess(socket -> sessions.open(socket, token))
        .onFailure(failure -> LOG.debug("a socket was not opened", failure));
  }
}
