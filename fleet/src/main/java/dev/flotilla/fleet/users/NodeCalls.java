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
import java.util.List;

/// Requests of the command line to a node, as one who acts for the fleet.
record NodeCalls(URI node, FleetConfig.Identity identity) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final UserId OPERATOR = new UserId("flotilla-cli");

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).timeout(LIMIT);
  }

  /// @param tenant whose platform admin asks
  JsonNode send(TenantId tenant, HttpRequest.Builder request)
      throws StartFailure, InterruptedException {
    request.header("Authorization", "Bearer " + token(tenant));
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
      JsonNode body = Json.read(answer.body(), JsonNode.class);
      if (answer.statusCode() / 100 != 2) {
        throw new StartFailure(
            StartFailure.RUNTIME, node + " refused: " + body.path("detail").asText("no reason"));
      }
      return body;
    } catch (IOException | UncheckedIOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "no node answers at " + node + ": " + StartFailure.reason(failure),
          failure);
    }
  }

  private String token(TenantId tenant) {
    Vertx vertx = Vertx.vertx();
    try {
      return new Tokens(vertx, identity, Clock.systemUTC())
          .issue(tenant, OPERATOR, List.of(Role.PLATFORM), Duration.ofMinutes(1));
    } finally {
      vertx.close().await();
    }
  }
}
