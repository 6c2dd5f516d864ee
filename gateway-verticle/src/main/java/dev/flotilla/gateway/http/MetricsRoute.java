package dev.flotilla.gateway.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The node's meters, or some of them. Open to everybody, so all who ask within a moment share one
/// scrape.
final class MetricsRoute implements Handler<RoutingContext> {
  private static final long SHARED_FOR = Duration.ofMillis(250).toNanos();

  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final Callable<String> meters;
  private @Nullable Future<String> scrape;
  private long scrapedAt;

  private MetricsRoute(Callable<String> meters) {
    this.meters = meters;
  }

  static MetricsRoute all(PrometheusMeterRegistry meters) {
    return new MetricsRoute(meters::scrape);
  }

  /// @param names as the meters are called, which is not how Prometheus calls them
  static MetricsRoute only(PrometheusMeterRegistry meters, Collection<String> names) {
    Set<String> shown =
        names.stream().map(name -> name.replace('.', '_')).collect(Collectors.toSet());
    return new MetricsRoute(() -> meters.scrape(FORMAT, shown));
  }

  @Override
  public void handle(RoutingContext context) {
    scrape(context)
        .onSuccess(text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, FORMAT).end(text))
        .onFailure(context::fail);
  }

  /// One that is under way is shared however long it takes.
  private Future<String> scrape(RoutingContext context) {
    long now = System.nanoTime();
    Future<String> last = scrape;
    if (last == null || last.failed() || (last.isComplete() && now - scrapedAt > SHARED_FOR)) {
      last = context.vertx().executeBlocking(meters, false);
      scrape = last;
      scrapedAt = now;
    }
    return last;
  }
}
