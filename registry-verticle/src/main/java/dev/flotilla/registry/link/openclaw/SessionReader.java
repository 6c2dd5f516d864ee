package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Reads from the instance what it knows of a run.
final class SessionReader {
  private static final int PAGE = 200;
  private static final int MAX_PAGES = 50;

  private final Connection connection;

  SessionReader(Connection connection) {
    this.connection = connection;
  }

  /// Subscribes to the session's events and tells the session's name on the instance: it prefixes
  /// and lower-cases what it is given, and its task ledger knows only its own form.
  Future<String> subscribe(String sessionKey) {
    return connection
        .request("sessions.messages.subscribe", Map.of("key", sessionKey))
        .map(answer -> answer.path("key").asText(sessionKey));
  }

  /// @param sessionKey as the instance names it
  Future<Finding> find(String sessionKey, String runId) {
    return page(sessionKey, runId, 0, 1, List.of()).map(Transcript::finding);
  }

  /// Pages back until the prompt is found: that it is absent is only known after the last page.
  private Future<Transcript> page(
      String sessionKey, String runId, long offset, int number, List<JsonNode> newer) {
    Map<String, Object> params =
        offset == 0
            ? Map.of("sessionKey", sessionKey, "limit", PAGE)
            : Map.of("sessionKey", sessionKey, "limit", PAGE, "offset", offset);
    return connection
        .request("chat.history", params)
        .compose(
            history -> {
              List<JsonNode> messages = new ArrayList<>();
              history.path("messages").forEach(messages::add);
              messages.addAll(newer);
              Transcript read = transcript(runId, messages, history, MissingNode.getInstance());
              if (read.hasPrompt()) {
                return Future.succeededFuture(read);
              }
              boolean more = history.path("hasMore").asBoolean() && history.has("nextOffset");
              if (!more) {
                return task(sessionKey, runId)
                    .map(task -> transcript(runId, messages, history, task));
              }
              return number == MAX_PAGES
                  ? Future.failedFuture(tooLong())
                  : page(
                      sessionKey, runId, history.path("nextOffset").asLong(), number + 1, messages);
            });
  }

  private static Transcript transcript(
      String runId, List<JsonNode> messages, JsonNode history, JsonNode task) {
    return new Transcript(
        runId,
        messages,
        history.path("pendingInputs"),
        history.path("sessionInfo"),
        history.path("inFlightRun"),
        task);
  }

  /// The run that goes on in the session, or a missing node.
  ///
  /// @param sessionKey in whatever form
  Future<JsonNode> inFlight(String sessionKey) {
    return connection
        .request("chat.history", Map.of("sessionKey", sessionKey, "limit", 1))
        .map(history -> history.path("inFlightRun"));
  }

  /// The row of the run in the instance's task ledger, or a missing node.
  Future<JsonNode> task(String sessionKey, String runId) {
    return connection
        .request("tasks.list", Map.of("sessionKey", sessionKey, "limit", 500))
        .map(
            answer -> {
              for (JsonNode task : answer.path("tasks")) {
                if (task.path("runId").asText("").equals(runId)) {
                  return task;
                }
              }
              return MissingNode.getInstance();
            });
  }

  private static RpcFailure tooLong() {
    return new RpcFailure("TOO_LONG", "", "the session has more messages than can be searched");
  }
}
