package dev.flotilla.gateway.http;

import dev.flotilla.identity.Ids;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.regex.Pattern;

/// The id that ties a request to its log lines, its events and its answer: the caller's own where
/// it is harmless, else a new one.
final class Correlation {
  static final String HEADER = "X-Correlation-Id";

  private static final String KEY = "correlationId";
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  private Correlation() {}

  static void begin(RoutingContext context, Clock clock) {
    context.put(KEY, begin(context.request(), clock));
  }

  static String begin(HttpServerRequest request, Clock clock) {
    String sent = request.getHeader(HEADER);
    String id = sent != null && HARMLESS.matcher(sent).matches() ? sent : Ids.next(clock);
    request.response().putHeader(HEADER, id);
    return id;
  }

  static String of(RoutingContext context) {
    return context.get(KEY, "none");
  }
}
