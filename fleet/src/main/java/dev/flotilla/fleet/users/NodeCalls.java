package dev.flotilla.fleet.users;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Requests of the command line to a node, as one who acts for the fleet.
record NodeCalls(URI node, FleetConfig.Identity identity) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long PAUSE_MS = 500;
  private static final UserId OPERATOR = new UserId("flotilla-cli");

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).timeout(LIMIT);
  }

  /// What a node cannot do right now, such as in its first seconds on a busy machine, is asked
  /// again for a while: a request that changes something has to name an idempotency key.
  ///
  /// @param tenant whose platform admin asks
  JsonNode send(TenantId tenant, HttpRequest.Builder request)
      throws StartFailure, InterruptedException {
    Instant patience = Instant.now().plus(PATIENCE);
    Vertx vertx = Vertx.vertx();
    request.header("Authorization", "Bearer " + token(vertx, tenant));
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (true) {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        JsonNode body = Json.read(answer.body(), JsonNode.class);
        if (answer.statusCode() / 100 == 2) {
          return body;
        }
        if (!body.path("retryable").asBoolean() || Instant.now().isAfter(patience)) {
          throw new StartFailure(
              StartFailure.RUNTIME, node + " refused: " + body.path("detail").asText("no reason"));
        }
        vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS).await();
      }
    } catch (IOException | UncheckedIOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "no node answers at " + node + ": " + StartFailure.reason(failure),
          failure);
    } finally {
      vertx.close().await();
    }
  }

  private String token(Vertx vertx, TenantId tenant) {
    return new Tokens(vertx, identity, Clock.systemUTC())
        .issue(tenant, OPERATOR, List.of(Role.PLATFORM), Duration.ofMinutes(1));
  }
}
