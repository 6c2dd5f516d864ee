package dev.flotilla.fleet.users;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.Json;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Asks a node about users, for who has the secret that signs tokens. What is done is in the audit
/// log like anybody's doing.
public final class UserClient {
  private static final int PASSWORD_BYTES = 15;

  private final NodeCalls calls;

  public UserClient(URI node, FleetConfig.Identity identity) {
    this.calls = new NodeCalls(node, identity);
  }

  /// 120 random bits as 20 characters.
  public static String newPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  public boolean hasUsers(TenantId tenant) throws StartFailure, InterruptedException {
    String path = "/api/v1/users?limit=1&tenant=" + tenant;
    return !calls.send(tenant, calls.request(path).GET()).path("items").isEmpty();
  }

  public void add(TenantId tenant, UserId user, Role role, String password)
      throws StartFailure, InterruptedException {
    String body = Json.text(Map.of("id", user, "roles", List.of(role), "password", password));
    calls.send(
        tenant,
        calls
            .request("/api/v1/users")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(body)));
  }
}
