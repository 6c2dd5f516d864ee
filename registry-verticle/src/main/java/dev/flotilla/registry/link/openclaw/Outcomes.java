package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the final answer to `agent`.
final class Outcomes {
  static final String FAILED = "RUN_FAILED";
  static final String TIMEOUT = "RUN_TIMEOUT";
  static final String INTERRUPTED = "RUN_INTERRUPTED";

  private Outcomes() {}

  /// How the run ended, as far as the answer alone tells it.
  static RunState of(JsonNode payload) {
    JsonNode result = payload.path("result");
    return switch (payload.path("status").asText("")) {
      case "ok" ->
          allErrors(result.path("payloads"))
              ? failed(FAILED, text(result.path("payloads")))
              : new RunState.Succeeded(outcome(result));
      case "timeout" -> stopped(payload, result);
      default -> failed(FAILED, words(payload));
    };
  }

  /// One status for two things: somebody stopped the run, or its time was over.
  private static RunState stopped(JsonNode payload, JsonNode result) {
    return payload.path("stopReason").asText("").equals("rpc")
        ? new RunState.Aborted("the run was aborted")
        : failed(TIMEOUT, result.isMissingNode() ? words(payload) : text(result.path("payloads")));
  }

  static RunState.Failed failed(String reason, String message) {
    return new RunState.Failed(reason, message.isBlank() ? "the run failed" : message, true);
  }

  private static String words(JsonNode payload) {
    return payload.path("error").asText(payload.path("summary").asText("the run failed"));
  }

  private static boolean allErrors(JsonNode payloads) {
    for (JsonNode each : payloads) {
      if (!each.path("isError").asBoolean()) {
        return false;
      }
    }
    return !payloads.isEmpty();
  }

  private static String text(JsonNode payloads) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : payloads) {
      if (!each.path("text").asText("").isBlank()) {
        texts.add(each.path("text").asText().strip());
      }
    }
    return String.join("\n\n", texts);
  }

  private static TaskOutcome outcome(JsonNode result) {
    JsonNode meta = result.path("meta");
    JsonNode agent = meta.path("agentMeta");
    JsonNode usage = agent.path("usage");
    JsonNode cost = agent.has("costUsd") ? agent.path("costUsd") : meta.path("costUsd");
    return new TaskOutcome(
        text(result.path("payloads")),
        number(meta.path("durationMs")),
        number(usage.path("input")),
        number(usage.path("output")),
        cost.isNumber() ? Double.valueOf(cost.asDouble()) : null);
  }

  static @Nullable Long number(JsonNode node) {
    return node.isNumber() ? Long.valueOf(node.asLong()) : null;
  }
}
