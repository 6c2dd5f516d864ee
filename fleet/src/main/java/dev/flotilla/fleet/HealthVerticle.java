package dev.flotilla.fleet;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.wire.Json;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Serves health and metrics only.
final class HealthVerticle extends VerticleBase {
  private final FleetConfig.Gateway config;
  private final Readiness readiness;
  private final PrometheusMeterRegistry meters;

  HealthVerticle(FleetConfig.Gateway config, Readiness readiness, PrometheusMeterRegistry meters) {
    this.config = config;
    this.readiness = readiness;
    this.meters = meters;
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer()
        .requestHandler(this::serve)
        .listen(config.port(), config.host());
  }

  private void serve(HttpServerRequest request) {
    switch (request.path()) {
      case "/metrics" -> request.response().end(meters.scrape());
      case "/health/live" -> request.response().end("{\"status\":\"up\"}");
      default -> readiness.check(Duration.ofSeconds(2)).onSuccess(parts -> answer(request, parts));
    }
  }

  private static void answer(HttpServerRequest request, List<Readiness.Part> parts) {
    boolean ready = parts.stream().allMatch(Readiness.Part::ready);
    request
        .response()
        .setStatusCode(ready ? 200 : 503)
        .end(Buffer.buffer(Json.bytes(Map.of("ready", ready, "parts", parts))));
  }
}
