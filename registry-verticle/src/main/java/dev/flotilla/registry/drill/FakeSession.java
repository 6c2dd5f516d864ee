package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One conversation of the fake instance: what a real one keeps on disk.
final class FakeSession {
  final String key;
  final List<ObjectNode> messages = new ArrayList<>();
  final Map<String, String> pendingInputs = new TreeMap<>();
  final Map<String, String> tasks = new TreeMap<>();
  String status = "";
  @Nullable FakeRun active;

  FakeSession(String key) {
    this.key = key;
  }

  /// It works, and does not only wait.
  boolean isBusy() {
    FakeRun run = active;
    return run != null && run.begun;
  }

  void user(String runId, String text, boolean recovery) {
    ObjectNode message = message("user", text);
    message.put("idempotencyKey", runId + ":user");
    if (recovery) {
      message.putObject("provenance").put("kind", "internal_system");
    }
  }

  ObjectNode assistant(String runId, String text, String stopReason) {
    ObjectNode message = message("assistant", text);
    message.put("stopReason", stopReason);
    message.putObject("__openclaw").put("runId", runId);
    message.putObject("usage").put("input", 100).put("output", text.split(" ").length);
    return message;
  }

  private ObjectNode message(String role, String text) {
    ObjectNode message = Json.MAPPER.createObjectNode();
    message.put("role", role).put("timestamp", System.currentTimeMillis());
    message.putArray("content").addObject().put("type", "text").put("text", text);
    messages.add(message);
    return message;
  }

  /// What a crash leaves: nothing runs, inputs that had not begun never will.
  void crash() {
    active = null;
    pendingInputs.replaceAll((_, _) -> "interrupted");
    tasks.replaceAll((_, state) -> state.equals("running") ? "cancelled" : state);
  }

  ObjectNode history(int limit, int offset) {
    ObjectNode history = Json.MAPPER.createObjectNode();
    history.put("sessionKey", key);
    int end = Math.max(0, messages.size() - offset);
    int begin = Math.max(0, end - limit);
    ArrayNode page = history.putArray("messages");
    messages.subList(begin, end).forEach(message -> page.add(message.deepCopy()));
    history.put("hasMore", begin > 0);
    if (begin > 0) {
      history.put("nextOffset", offset + end - begin);
    }
    ArrayNode pending = history.putObject("pendingInputs").putArray("items");
    pendingInputs.forEach(
        (runId, state) -> pending.addObject().put("runId", runId).put("state", state));
    ObjectNode info = history.putObject("sessionInfo");
    info.put("key", key).put("hasActiveRun", active != null);
    ArrayNode ids = info.putArray("activeRunIds");
    if (!status.isEmpty()) {
      info.put("status", status);
    }
    FakeRun running = active;
    if (running != null) {
      ids.add(running.id);
      if (running.begun) {
        history.putObject("inFlightRun").put("runId", running.id).put("text", running.text());
      }
    }
    return history;
  }

  ObjectNode taskList() {
    ObjectNode list = Json.MAPPER.createObjectNode();
    ArrayNode rows = list.putArray("tasks");
    tasks.forEach(
        (runId, state) ->
            rows.addObject().put("taskId", runId).put("runId", runId).put("status", state));
    return list;
  }
}
