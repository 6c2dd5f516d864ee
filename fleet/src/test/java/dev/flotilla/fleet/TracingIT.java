package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.registry.drill.FakeInstance;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/// One trace from the client's request to the run on the instance.
class TracingIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final List<String> SPANS =
      List.of("edge task.create", "command task.create", "task wait", "task run", "instance run");

  private final List<String> received = new CopyOnWriteArrayList<>();

  @Test
  void aRequestIsFollowedToTheInstance() throws Exception {
    Vertx vertx = Vertx.vertx();
    HttpServer collector =
        vertx
            .createHttpServer(new HttpServerOptions().setDecompressionSupported(true))
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              received.add(body.toString(StandardCharsets.ISO_8859_1));
                              request.response().end();
                            }))
            .listen(0, "127.0.0.1")
            .await();
    try (Ward ward = new Ward();
        FakeInstance instance = FakeInstance.start("a-token")) {
      Path file =
          ward.file(
              "n1",
              0,
              Map.of("telemetry.traceEndpoint", "http://127.0.0.1:" + collector.actualPort()));
      ward.start(file, Clock.systemUTC());
      FleetConfig config = Ward.config(file);
      URI node = URI.create("http://127.0.0.1:" + config.gateway().port());
      String token =
          new Tokens(vertx, config.identity(), Clock.systemUTC())
              .issue(
                  new TenantId("acme"),
                  new UserId("alice"),
                  List.of(Role.ADMIN),
                  Duration.ofHours(1));
      post(
          node.resolve("/api/v1/registry/instances"),
          token,
          new JsonObject()
              .put("id", "eu-1")
              .put("url", instance.url().toString())
              .put("token", "a-token"));
      post(node.resolve("/api/v1/tasks"), token, new JsonObject().put("prompt", "say hello"));
      for (String span : SPANS) {
        await(span).atMost(PATIENCE).until(() -> isTold(span));
      }

      String other = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
      ControlClient client =
          ControlClient.connect(
                  vertx.createWebSocketClient(ControlClient.options()), node, token, _ -> {})
              .await();
      client
          .request("task.list", new JsonObject(), null, "00-" + other + "-00f067aa0ba902b7-01")
          .await();
      byte[] id = HexFormat.of().parseHex(other);
      String bytes = new String(id, StandardCharsets.ISO_8859_1);
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  received.stream()
                      .anyMatch(
                          body -> body.contains(bytes) && body.contains("command task.list")));
      assertThat(received).noneMatch(body -> body.contains("say hello"));
    }
    vertx.close().await();
  }

  /// A batch holds one resource, and in it the spans with the ids as they are.
  private boolean isTold(String span) {
    String id = new String(HexFormat.of().parseHex(TRACE), StandardCharsets.ISO_8859_1);
    return received.stream().anyMatch(body -> body.contains(span) && body.contains(id));
  }

  private static void post(URI uri, String token, JsonObject body) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(uri)
                  .header("Authorization", "Bearer " + token)
                  .header("traceparent", PARENT)
                  .POST(BodyPublishers.ofString(body.encode()))
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }
  }
}
