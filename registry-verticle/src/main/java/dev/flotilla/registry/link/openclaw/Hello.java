package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.wire.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an instance says of itself when it lets the fleet in.
///
/// @param bootId changes with every start: what was kept in its memory is gone
/// @param phase `accepting`, or how far a suspension has come
record Hello(
    int protocol,
    @Nullable String version,
    String bootId,
    List<String> scopes,
    Duration tickInterval,
    String phase) {
  static final int PROTOCOL = 4;
  static final List<String> SCOPES = List.of("operator.read", "operator.write");
  static final String ACCEPTING = "accepting";

  private static final long TICK_MS = 30_000;

  static Hello of(JsonNode payload) {
    List<String> granted = new ArrayList<>();
    payload.path("auth").path("scopes").forEach(scope -> granted.add(scope.asText()));
    long tick = payload.path("policy").path("tickIntervalMs").asLong(TICK_MS);
    return new Hello(
        payload.path("protocol").asInt(),
        payload.path("server").path("version").asText(null),
        payload.path("server").path("bootId").asText(""),
        granted,
        Duration.ofMillis(tick > 0 ? tick : TICK_MS),
        payload.path("snapshot").path("suspension").path("phase").asText(ACCEPTING));
  }

  /// Why the fleet cannot work with this, or null.
  @Nullable String problem() {
    if (protocol != PROTOCOL) {
      return "it speaks protocol " + protocol + ", the fleet speaks " + PROTOCOL;
    }
    boolean admin = scopes.contains("operator.admin");
    for (String scope : SCOPES) {
      if (!admin && !scopes.contains(scope)) {
        return "it grants no scope '"
            + scope
            + "': the gateway grants scopes to this kind of client only over its own loopback";
      }
    }
    return null;
  }

  /// The parameters of `connect`. The schema is closed: nothing may be added.
  static Object request(String token, String node, String version) {
    return Json.tree(
        Map.of(
            "minProtocol",
            PROTOCOL,
            "maxProtocol",
            PROTOCOL,
            "client",
            Map.of(
                "id",
                "gateway-client",
                "mode",
                "backend",
                "version",
                version,
                "platform",
                System.getProperty("os.name", "java"),
                "displayName",
                "flotilla " + node,
                "instanceId",
                node),
            "role",
            "operator",
            "scopes",
            SCOPES,
            "caps",
            List.of("session-scoped-events"),
            "auth",
            Map.of("token", token)));
  }
}
