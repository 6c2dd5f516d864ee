package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.micrometer.MicrometerMetricsFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class NodeMetersIT {
  @Test
  void whatAClientInventsMakesNoMeters() throws Exception {
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
    HttpClient client = HttpClient.newHttpClient();
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

  private static void send(HttpClient client, int port, int index) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + port + "/path-" + index);
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(HttpClient.Version.HTTP_1_1)
            .method("M" + index, HttpRequest.BodyPublishers.noBody())
            .build();
    client.send(request, HttpResponse.BodyHandlers.discarding());
  }
}
