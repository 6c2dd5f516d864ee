package dev.flotilla.fleet.bench.failover;

import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/// The fleet's REST interface as a client uses it that knows every node: what one node does not
/// answer, another one is asked, under the same idempotency key, as often as the fleet says that it
/// may help.
final class Api {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final int TRIES = 60;
  private static final long PAUSE_MS = 200;

  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
  private final AtomicInteger next = new AtomicInteger();
  private final Vertx vertx;
  private final List<URI> nodes;
  private final String token;

  Api(Vertx vertx, List<URI> nodes, String token) {
    this.vertx = vertx;
    this.nodes = nodes;
    this.token = token;
  }

  JsonObject get(String path) throws IOException, InterruptedException {
    return send(path, HttpRequest.newBuilder().GET());
  }

  JsonObject post(String path, Object body) throws IOException, InterruptedException {
    return send(
        path,
        HttpRequest.newBuilder()
            .POST(HttpRequest.BodyPublishers.ofString(Json.text(body)))
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString()));
  }

  private JsonObject send(String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    IOException last = new IOException("no node was asked");
    for (int i = 0; i < TRIES; i++) {
      URI node = nodes.get(Math.floorMod(next.getAndIncrement(), nodes.size()));
      try {
        HttpResponse<String> answer =
            client.send(
                request
                    .uri(node.resolve("/api/v1" + path))
                    .setHeader("Authorization", "Bearer " + token)
                    .timeout(LIMIT)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) {
          return new JsonObject(answer.body());
        }
        last = new IOException(answer.statusCode() + " " + answer.body());
        if (!new JsonObject(answer.body()).getBoolean("retryable", false)) {
          throw new IllegalStateException("refused: " + last.getMessage());
        }
      } catch (IOException unreachable) {
        last = unreachable;
      }
      vertx.timer(PAUSE_MS).await();
    }
    throw last;
  }
}
