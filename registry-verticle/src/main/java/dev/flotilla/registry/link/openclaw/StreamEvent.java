package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;

/// What an event means for the runs of a link. Each run is told of on two channels, `agent` and
/// `chat`; text is taken from the first, which is not paced.
sealed interface StreamEvent {
  /// Which run it is about, as the instance names it.
  record Source(String runId, String sessionKey) {}

  /// The agent has said something.
  record Text(Source run, JsonNode data) implements StreamEvent {}

  /// The run has ended, or part of it has: a good moment to read its records.
  record Settled(Source run) implements StreamEvent {}

  record Other() implements StreamEvent {}

  static StreamEvent of(String name, JsonNode payload) {
    Source run =
        new Source(payload.path("runId").asText(""), payload.path("sessionKey").asText(""));
    String kind = name + "/" + payload.path("stream").asText(payload.path("state").asText(""));
    return switch (kind) {
      case "agent/assistant" -> new Text(run, payload.path("data"));
      case "agent/lifecycle" ->
          payload.path("data").path("executionSettled").asBoolean()
              ? new Settled(run)
              : new Other();
      case "chat/final", "chat/aborted", "chat/error" -> new Settled(run);
      default -> new Other();
    };
  }
}
