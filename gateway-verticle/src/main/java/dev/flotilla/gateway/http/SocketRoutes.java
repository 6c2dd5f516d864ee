package dev.flotilla.gateway.http;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.auth.Authenticator;
import dev.flotilla.gateway.session.Arrival;
import dev.flotilla.gateway.session.Dialect;
import dev.flotilla.gateway.session.Sessions;
import dev.flotilla.gateway.wire.DeflateTerms;
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
  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

  private final Sessions sessions;
  private final boolean compresses;
  private final Map<String, Dialect> dialects = new HashMap<>();

  /// @param compresses whether messages may be compressed
  public SocketRoutes(
Sessions sessions, List<Dialect> dialects, boolean compresses) {
    this.sessions = sessions;
    this.compresses = compresses;
    dialects.forEach(dialect -> dialect.paths().forEach(path -> this.dialects.put(path, dialect)));
  }

  void mount(Router router) {
    dialects.keySet().forEach(path -> router.get(path).handler(this::explain));
  }

  /// True where the request is taken: its socket is opened, or the server has refused it.
  boolean take(HttpServerRequest request) {
    Dialect dialect = dialects.get(request.path());
    if (dialect == null || !isUpgrade(request) || sessions.draining()) {
      return false;
    }
    DeflateTerms terms = compresses ? DeflateTerms.of(extensions(request)) : null;
    if (terms != null) {
      request.response().putHeader(EXTENSIONS, terms.answer());
    }
    Arrival arrival = new Arrival(Authenticator.bearer(request.headers()), null, false, terms);
    request
        .toWebSocket()
        .onSuccess(socket -> sessions.open(dialect, socket, arrival))
        .onFailure(failure -> LOG.debug("a socket was not opened", failure));
    return true;
  }

  boolean draining() {
    return sessions.draining();
  }

  private static List<String> extensions(HttpServerRequest request) {
    return request.headers().getAll(EXTENSIONS);
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
