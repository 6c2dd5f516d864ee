package dev.flotilla.gateway.http;

import dev.flotilla.telemetry.LogKeys;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each HTTP request, when it is over. Queries, headers and bodies are left out:
/// tickets and prompts are in them.
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger("access");

  private AccessLog() {}

  static void begin(RoutingContext context) {
    long start = System.nanoTime();
    context.addEndHandler(_ -> end(context, start));
  }

  private static void end(RoutingContext context, long start) {
    HttpServerRequest request = context.request();
    SocketAddress from = request.remoteAddress();
    LOG.atInfo()
        .addKeyValue(LogKeys.CORRELATION_ID, Correlation.of(context))
        .addKeyValue(LogKeys.METHOD, request.method().name())
        .addKeyValue("status", context.response().getStatusCode())
        .addKeyValue("ms", Duration.ofNanos(System.nanoTime() - start).toMillis())
        .addKeyValue("bytes", context.response().bytesWritten())
        .addKeyValue("address", from == null ? "unknown" : from.hostAddress())
        .log("{}", context.normalizedPath());
  }
}
