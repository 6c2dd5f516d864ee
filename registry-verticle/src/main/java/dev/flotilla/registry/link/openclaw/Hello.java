package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an instance says of itself when it lets the fleet in.
///
/// @param bootId changes with every start: what was kept in its memory is gone
/// @param methods what it offers, not all of it perhaps; empty where it does not say
/// @param maxPayload the largest frame that it takes, in bytes
/// @param phase `accepting`, or how far a suspension has come
record Hello(
    int protocol,
    @Nullable String version,
    String bootId,
    List<String> scopes,
    Set<String> methods,
    Duration tickInterval,
    long maxPayload,
    String phase) {
  static final int PROTOCOL = 4;
  static final String ACCEPTING = "accepting";

  /// Without these no task can be run.
  static final List<String> NEEDED_SCOPES = List.of("operator.read", "operator.write");

  private static final List<String> NEEDED_METHODS =
      List.of("agent", "chat.abort", "chat.history", "sessions.messages.subscribe", "tasks.list");
  private static final String ADMIN = "operator.admin";
  private static final long TICK_MS = 30_000;
  private static final long MAX_PAYLOAD = 26_214_400;

  static Hello of(JsonNode payload) {
    List<String> granted = new ArrayList<>();
    payload.path("auth").path("scopes").forEach(scope -> granted.add(scope.asText()));
    Set<String> methods = new HashSet<>();
    payload.path("features").path("methods").forEach(method -> methods.add(method.asText()));
    JsonNode policy = payload.path("policy");
    return new Hello(
        payload.path("protocol").asInt(),
        payload.path("server").path("version").asText(null),
        payload.path("server").path("bootId").asText(""),
        List.copyOf(granted),
        Set.copyOf(methods),
        Duration.ofMillis(positive(policy.path("tickIntervalMs"), TICK_MS)),
        positive(policy.path("maxPayload"), MAX_PAYLOAD),
        payload.path("snapshot").path("suspension").path("phase").asText(ACCEPTING));
  }

  private static long positive(JsonNode node, long otherwise) {
    long value = node.asLong(otherwise);
    return value > 0 ? value : otherwise;
  }

  /// What it does not speak or offer, or null.
  @Nullable String incompatibility() {
    if (protocol != PROTOCOL) {
      return "it speaks protocol " + protocol + ", the fleet speaks " + PROTOCOL;
    }
    List<String> missing =
        methods.isEmpty()
            ? List.of()
            : NEEDED_METHODS.stream().filter(method -> !methods.contains(method)).toList();
    return missing.isEmpty()
        ? null
        : "version " + version + " does not offer " + String.join(", ", missing);
  }

  /// What it does not let the fleet do, or null.
  @Nullable String refusal() {
    if (scopes.contains(ADMIN)) {
      return null;
    }
    for (String scope : NEEDED_SCOPES) {
      if (!scopes.contains(scope)) {
        return "it grants no scope '"
            + scope
            + "'"
            + (scopes.isEmpty() ? ": it takes this connection for one from another host" : "");
      }
    }
    return null;
  }
}
