package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.RequestOptions;
import io.vertx.micrometer.MicrometerMetricsFactory;
import org.junit.jupiter.api.Test;

class NodeMetersIT {
  @Test
  void whatAClientInventsMakesNoMeters() {
    PrometheusMeterRegistry registry = NodeMeters.registry();
    Vertx vertx =
        Vertx.builder()
            .with(new VertxOptions().setMetricsOptions(NodeMeters.vertx()))
            .withMetrics(new MicrometerMetricsFactory(registry))
            .build();
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end())
            .listen(0, "127.0.0.1")
            .await();
    HttpClient client = vertx.createHttpClient();
    send(client, server.actualPort(), 0);
    long before = ofVertx(registry);
    for (int i = 1; i <= 50; i++) {
      send(client, server.actualPort(), i);
    }
    assertThat(before).isPositive();
    assertThat(ofVertx(registry)).isEqualTo(before);
    vertx.close().await();
  }

  /// The JVM makes meters of its own, when it first collects garbage, for example.
  private static long ofVertx(PrometheusMeterRegistry registry) {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getName().startsWith("vertx"))
        .count();
  }

  private static void send(HttpClient client, int port, int index) {
    RequestOptions options =
        new RequestOptions()
            .setHost("127.0.0.1")
            .setPort(port)
            .setURI("/path-" + index)
            .setMethod(HttpMethod.valueOf("M" + index));
    client
        .request(options)
        .compose(request -> request.send())
        .compose(HttpClientResponse::end)
        .await();
  }
}
