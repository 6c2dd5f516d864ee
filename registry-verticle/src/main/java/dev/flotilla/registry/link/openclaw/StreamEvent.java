package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.registry.link.Doing;

/// What an event means for the runs of a link. Each run is told of on two channels: `chat` says its
/// whole text each time, put together as the session's records have it; `agent` says what it does.
sealed interface StreamEvent {
  /// Which run it is about, as the instance names it.
  record Source(String runId, String sessionKey) {}

  /// The agent has said all this so far.
  record Text(Source run, String text) implements StreamEvent {}

  /// The agent has begun to do something else.
  record Turn(Source run, Doing doing) implements StreamEvent {}

  /// The run has ended, or part of it has: a good moment to read its records.
  record Settled(Source run) implements StreamEvent {}

  record Other() implements StreamEvent {}

  static StreamEvent of(String name, JsonNode payload) {
    Source run =
        new Source(payload.path("runId").asText(""), payload.path("sessionKey").asText(""));
    String kind = name + "/" + payload.path("stream").asText(payload.path("state").asText(""));
    return switch (kind) {
      case "chat/delta" -> text(run, payload.path("message").path("content"));
      case "agent/lifecycle" -> lifecycle(run, payload.path("data"));
      case "agent/item" -> item(run, payload.path("data"));
      case "chat/final", "chat/aborted", "chat/error" -> new Settled(run);
      default -> new Other();
    };
  }

  private static StreamEvent text(Source run, JsonNode content) {
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.isEmpty() ? new Other() : new Text(run, text.toString());
  }

  private static StreamEvent lifecycle(Source run, JsonNode data) {
    if (data.path("executionSettled").asBoolean()) {
      return new Settled(run);
    }
    return data.path("phase").asText("").equals("start")
        ? new Turn(run, Doing.WORKING)
        : new Other();
  }

  /// Every listener hears of tools by items; the stream `tool` is for the run's starter only, and
  /// carries what goes in and out.
  private static StreamEvent item(Source run, JsonNode data) {
    if (!data.path("kind").asText("").equals("tool")) {
      return new Other();
    }
    return switch (data.path("phase").asText("")) {
      case "start" -> new Turn(run, Doing.using(data.path("name").asText("")));
      case "end" -> new Turn(run, Doing.WORKING);
      default -> new Other();
    };
  }
}
