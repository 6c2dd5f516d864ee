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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// Asks a node about users, for who has the secret that signs tokens. What is done is in the audit
/// log like anybody's doing.
public final class UserClient {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int PASSWORD_BYTES = 15;
  private static final UserId OPERATOR = new UserId("flotilla-cli");

  private final URI node;
  private final FleetConfig.Identity identity;

  public UserClient(URI node, FleetConfig.Identity identity) {
    this.node = node;
    this.identity = identity;
  }

  /// 120 random bits as 20 characters.
  public static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public boolean hasUsers(TenantId tenant) throws StartFailure, InterruptedException {
    String path = "/api/v1/users?limit=1&tenant=" + tenant;
    return !send(tenant, request(path).GET()).path("items").isEmpty();
  }

  public void add(TenantId tenant, UserId user, Role role, String password)
      throws StartFailure, InterruptedException {
    String body = Json.text(Map.of("id", user, "roles", List.of(role), "password", password));
    send(tenant, request("/api/v1/users").POST(BodyPublishers.ofString(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(node.resolve(path)).timeout(LIMIT);
  }

  private JsonNode send(TenantId tenant, HttpRequest.Builder request)
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
    } catch (IOException | java.io.UncheckedIOException failure) {
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
