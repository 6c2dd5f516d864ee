package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the fake instance does with requests once somebody is connected. Sessions outlive a
/// restart; runs and their keys do not, and interrupted runs are resumed under new ids.
final class FakeMind {
  static final List<String> METHODS =
      Stream.concat(
              Stream.of(
                  "agent",
                  "sessions.messages.subscribe",
                  "sessions.messages.unsubscribe",
                  "chat.history",
                  "tasks.list",
                  "chat.abort",
                  "tasks.cancel"),
              FakeDesk.METHODS.stream())
          .toList();

  private static final long INPUT = 100;
  private static final double COST = 0.5;

  final Map<String, FakeSession> sessions = new HashMap<>();
  final Map<String, Integer> executions = new HashMap<>();
  final Map<String, Integer> resumptions = new HashMap<>();
  final Set<FakeSocket> sockets = new HashSet<>();
  final Map<String, Runnable> stuck = new HashMap<>();
  Runnable restart = () -> {};
  boolean choked;
  int readings;
  long inputTokens;
  long outputTokens;
  double costUsd;
  final FakeDesk desk = new FakeDesk(this);
  private final Map<String, FakeRun> runs = new HashMap<>();
  private final Vertx vertx;

  FakeMind(Vertx vertx) {
    this.vertx = vertx;
  }

  void crash() {
    runs.values().forEach(run -> vertx.cancelTimer(run.timer));
    runs.clear();
    sessions.values().forEach(FakeSession::crash);
  }

  /// Goes on with what a crash has interrupted, as OpenClaw does.
  void resume() {
    for (FakeSession session : sessions.values()) {
      if (session.status.equals("running")) {
        String prompt = session.messages.getFirst().path("content").path(0).path("text").asText();
        FakeRun run = new FakeRun(UUID.randomUUID().toString(), prompt, session);
        runs.put(run.id, run);
        session.active = run;
        session.tasks.put(run.id, "running");
        resumptions.merge(prompt, 1, Integer::sum);
        session.user(run.id, "[System] Your previous turn was interrupted.", true);
        begin(run);
      }
    }
  }

  @Nullable JsonNode handle(FakeSocket socket, String id, String method, JsonNode params) {
    ObjectNode empty = Json.MAPPER.createObjectNode();
    return switch (method) {
      case "agent" -> choked ? choke(socket, id, params) : agent(socket, id, params);
      case "sessions.messages.subscribe" -> {
        socket.subscriptions.add(key(params.path("key").asText()));
        yield empty.put("subscribed", true).put("key", key(params.path("key").asText()));
      }
      case "sessions.messages.unsubscribe" -> {
        socket.subscriptions.remove(key(params.path("key").asText()));
        yield empty.put("subscribed", false);
      }
      case "chat.history" -> {
        readings++;
        yield session(params.path("sessionKey").asText())
            .history(params.path("limit").asInt(200), params.path("offset").asInt(0));
      }
      // Unlike every other method, this one knows only the full form of a key.
      case "tasks.list" ->
          sessions.containsKey(params.path("sessionKey").asText())
              ? session(params.path("sessionKey").asText()).taskList()
              : empty.set("tasks", Json.MAPPER.createArrayNode());
      case "chat.abort" -> abort(socket, params);
      case "tasks.cancel" -> empty.put("cancelled", cancel(params.path("taskId").asText()));
      default -> desk.handle(method, params);
    };
  }

  FakeSession session(String key) {
    return sessions.computeIfAbsent(key(key), FakeSession::new);
  }

  private static String key(String key) {
    String lower = key.toLowerCase(Locale.ROOT);
    return lower.startsWith("agent:") ? lower : "agent:main:" + lower;
  }

  private JsonNode agent(FakeSocket socket, String id, JsonNode params) {
    for (String required : List.of("message", "idempotencyKey", "sessionKey")) {
      if (params.path(required).asText("").isEmpty()) {
        throw new FakeRefusal("INVALID_REQUEST", required + " is required");
      }
    }
    String runId = params.path("idempotencyKey").asText();
    FakeRun known = runs.get(runId);
    if (known != null) {
      ObjectNode result = known.result;
      return result == null ? status(known, "in_flight") : result;
    }
    FakeSession session = session(params.path("sessionKey").asText());
    if (session.pendingInputs.containsKey(runId)) {
      throw new FakeRefusal("UNAVAILABLE", "Pending input ownership ended");
    }
    FakeRun run = new FakeRun(runId, params.path("message").asText(), session);
    run.starter = socket;
    run.starterRequest = id;
    runs.put(runId, run);
    session.active = run;
    session.pendingInputs.put(runId, "queued");
    session.tasks.put(runId, "running");
    run.timer = vertx.setTimer(Math.max(1, run.prepareMs), _ -> take(run));
    return status(run, "accepted");
  }

  /// Keeps the first request without a word, and refuses it when it is repeated.
  private @Nullable JsonNode choke(FakeSocket socket, String id, JsonNode params) {
    String runId = params.path("idempotencyKey").asText();
    if (stuck.containsKey(runId)) {
      throw new FakeRefusal("UNAVAILABLE", "too many requests are waiting");
    }
    stuck.put(runId, () -> agent(socket, id, params));
    return null;
  }

  /// Takes up what has been kept.
  void release() {
    choked = false;
    stuck.values().forEach(Runnable::run);
    stuck.clear();
  }

  private static ObjectNode status(FakeRun run, String status) {
    return Json.MAPPER
        .createObjectNode()
        .put("runId", run.id)
        .put("sessionKey", run.session.key)
        .put("status", status);
  }

  private void take(FakeRun run) {
    run.session.pendingInputs.remove(run.id);
    run.session.user(run.id, run.prompt, false);
    executions.merge(run.prompt, 1, Integer::sum);
    begin(run);
  }

  private void begin(FakeRun run) {
    run.begun = true;
    run.session.status = "running";
    ObjectNode start = event(run, "lifecycle");
    start.putObject("data").put("phase", "start");
    publish(run, "agent", start);
    if (run.fails) {
      finish(run, "failed", "the model refused");
    } else if (!run.hangs) {
      speak(run);
    }
  }

  private void speak(FakeRun run) {
    if (run.said == run.words.size()) {
      finish(run, "done", null);
      return;
    }
    if (run.wantsTool()) {
      useTool(run, "start");
      useTool(run, "end");
      run.toolUsed = true;
    }
    run.said++;
    ObjectNode event = event(run, "assistant");
    event
        .putObject("data")
        .put("text", run.item())
        .put("delta", run.words.get(run.said - 1))
        .put("itemId", run.id + (run.toolUsed ? ":2" : ":1"));
    publish(run, "agent", event);
    ObjectNode delta = status(run, "").put("state", "delta").put("deltaText", "...");
    delta.putObject("message").putArray("content").addObject().put("text", run.text());
    publish(run, "chat", delta);
    boolean quick = run.tool != null && !run.toolUsed;
    run.timer = vertx.setTimer(quick ? 1 : Math.max(1, run.gapMs), _ -> speak(run));
  }

  private void useTool(FakeRun run, String phase) {
    ObjectNode event = event(run, "item");
    event
        .putObject("data")
        .put("kind", "tool")
        .put("phase", phase)
        .put("name", run.tool)
        .put("itemId", "tool:1");
    publish(run, "agent", event);
  }

  /// Only the connection that started a run may abort it in this way.
  private JsonNode abort(FakeSocket socket, JsonNode params) {
    FakeRun active = session(params.path("sessionKey").asText()).active;
    String runId = params.path("runId").asText(active == null ? "" : active.id);
    FakeRun run = runs.get(runId);
    if (run != null && run.starter != socket) {
      throw new FakeRefusal("INVALID_REQUEST", "unauthorized");
    }
    ObjectNode answer = Json.MAPPER.createObjectNode().put("ok", true);
    // What it has only taken is no conversation's business yet.
    boolean stopped = run != null && run.begun && stop(runId);
    ArrayNode ids = answer.put("aborted", stopped).putArray("runIds");
    return stopped ? answer.set("runIds", ids.add(runId)) : answer;
  }

  private boolean cancel(String runId) {
    boolean listed = false;
    for (FakeSession session : sessions.values()) {
      listed |= session.tasks.replace(runId, "running", "cancelled");
    }
    return stop(runId) || listed;
  }

  private boolean stop(String runId) {
    FakeRun run = runs.get(runId);
    boolean going = run != null && run.session.active == run;
    if (run != null && going) {
      vertx.cancelTimer(run.timer);
      finish(run, "killed", null);
    }
    return going;
  }

  private void finish(FakeRun run, String status, @Nullable String error) {
    FakeSession session = run.session;
    session.active = null;
    // One that is stopped before it began waits no more.
    session.pendingInputs.remove(run.id);
    session.status = status;
    session.tasks.put(run.id, status.equals("done") ? "completed" : "failed");
    ObjectNode message =
        session.assistant(
            run.id, error == null ? run.text() : error, error == null ? "stop" : "error");
    ObjectNode result = status(run, status.equals("done") ? "ok" : "timeout");
    if (status.equals("killed")) {
      message.putObject("openclawAbort");
      result.put("stopReason", "rpc").put("summary", "aborted");
    }
    succeed(run, result);
    inputTokens += INPUT;
    outputTokens += run.said;
    costUsd += COST;
    run.result = result;
    ObjectNode event = event(run, "lifecycle");
    event.putObject("data").put("phase", "end").put("executionSettled", true);
    publish(run, "agent", event);
    publish(run, "chat", status(run, "").put("state", error == null ? "final" : "error"));
    FakeSocket starter = run.starter;
    String request = run.starterRequest;
    if (starter != null && request != null) {
      if (error == null) {
        starter.answer(request, result);
      } else {
        starter.refuse(request, new FakeRefusal("UNAVAILABLE", error));
      }
    }
  }

  private static void succeed(FakeRun run, ObjectNode result) {
    ObjectNode body = result.putObject("result");
    body.putArray("payloads").addObject().put("text", run.text());
    ObjectNode meta = body.putObject("meta").put("durationMs", 5);
    meta.putObject("agentMeta")
        .put("costUsd", COST)
        .putObject("usage")
        .put("input", INPUT)
        .put("output", run.words.size());
  }

  private static ObjectNode event(FakeRun run, String stream) {
    return status(run, "").put("stream", stream).put("ts", System.currentTimeMillis());
  }

  private void publish(FakeRun run, String name, ObjectNode payload) {
    for (FakeSocket socket : List.copyOf(sockets)) {
      if (socket.subscriptions.contains(run.session.key)) {
        socket.event(name, payload);
      }
    }
  }
}
