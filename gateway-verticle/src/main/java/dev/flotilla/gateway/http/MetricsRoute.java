package dev.flotilla.gateway.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The node's meters. Open to everybody, so all who ask within a moment share one scrape.
final class MetricsRoute implements Handler<RoutingContext> {
  private static final long SHARED_FOR = Duration.ofMillis(250).toNanos();

  private final PrometheusMeterRegistry meters;
  private @Nullable Future<String> scrape;
  private long scrapedAt;

  MetricsRoute(PrometheusMeterRegistry meters) {
    this.meters = meters;
  }

  @Override
  public void handle(RoutingContext context) {
    scrape(context)
        .onSuccess(
            text ->
                context
                    .response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")
                    .end(text))
        .onFailure(context::fail);
  }

  /// One that is under way is shared however long it takes.
  private Future<String> scrape(RoutingContext context) {
    long now = System.nanoTime();
    Future<String> last = scrape;
    if (last == null || last.failed() || (last.isComplete() && now - scrapedAt > SHARED_FOR)) {
      last = context.vertx().executeBlocking(meters::scrape, false);
      scrape = last;
      scrapedAt = now;
    }
    return last;
  }
}
