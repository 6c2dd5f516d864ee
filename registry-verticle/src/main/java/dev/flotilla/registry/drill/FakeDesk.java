package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// What the fake instance keeps beside its runs: agents, models, scheduled jobs and approvals.
final class FakeDesk {
  static final List<String> METHODS =
      List.of(
          "agents.list",
          "models.list",
          "sessions.list",
          "exec.approval.list",
          "exec.approval.resolve",
          "cron.list",
          "cron.add",
          "cron.update",
          "cron.remove",
          "cron.run",
          "gateway.restart.request",
          "diagnostics.lanes",
          "usage.cost",
          "status");

  final Map<String, String> approvals = new LinkedHashMap<>();
  // Which of them it knows.
  volatile List<String> offered = METHODS;
  private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();
  private final FakeMind mind;

  FakeDesk(FakeMind mind) {
    this.mind = mind;
  }

  JsonNode handle(String method, JsonNode params) {
    ObjectNode answer = Json.MAPPER.createObjectNode();
    if (!offered.contains(method)) {
      throw new FakeRefusal("INVALID_REQUEST", "unknown method: " + method);
    }
    switch (method) {
      case "agents.list" ->
          answer.put("defaultId", "main").putArray("agents").addObject().put("id", "main");
      case "models.list" -> models(answer.putArray("models"));
      case "sessions.list" -> sessions(answer, params);
      case "diagnostics.lanes" -> lanes(answer.putArray("lanes").addObject());
      case "usage.cost" ->
          answer
              .putObject("totals")
              .put("input", mind.inputTokens)
              .put("output", mind.outputTokens)
              .put("totalCost", mind.costUsd);
      case "exec.approval.list" -> {
        return approvals();
      }
      case "exec.approval.resolve" -> {
        if (approvals.remove(params.path("id").asText()) == null) {
          throw new FakeRefusal("APPROVAL_NOT_FOUND", "unknown or expired approval id");
        }
        answer.put("ok", true);
      }
      case "cron.list" -> answer.putArray("jobs").addAll(jobs.values());
      case "cron.add" -> {
        return add(params);
      }
      case "cron.update" -> {
        return update(params);
      }
      case "cron.remove" -> answer.put("ok", true).put("removed", jobs.remove(id(params)) != null);
      case "cron.run" -> {
        if (!jobs.containsKey(id(params))) {
          throw new FakeRefusal("INVALID_REQUEST", "no such job")
              .detail("code", "CRON_JOB_NOT_FOUND");
        }
        answer.put("ok", true).put("enqueued", true).put("runId", UUID.randomUUID().toString());
      }
      case "gateway.restart.request" -> {
        mind.restart.run();
        answer.put("ok", true).put("status", "scheduled").putObject("preflight").put("summary", "");
      }
      case "status" -> answer.put("runtimeVersion", "fake");
      default -> throw new FakeRefusal("INVALID_REQUEST", "unknown method: " + method);
    }
    return answer;
  }

  private static String id(JsonNode params) {
    return params.path("id").asText();
  }

  private static void models(ArrayNode models) {
    models
        .addObject()
        .put("id", "mock-1")
        .put("provider", "mock")
        .put("name", "Mock 1")
        .put("available", true)
        .put("contextWindow", 200_000)
        .put("somethingNew", true);
  }

  private void lanes(ObjectNode main) {
    main.put("lane", "main")
        .put("activeCount", active().filter(session -> session.isBusy()).count())
        .put("queuedCount", active().filter(session -> !session.isBusy()).count())
        .put("maxConcurrent", 8)
        .put("draining", false);
  }

  private Stream<FakeSession> active() {
    return mind.sessions.values().stream().filter(session -> session.active != null);
  }

  private void sessions(ObjectNode answer, JsonNode params) {
    boolean activeOnly = params.path("activeOnly").asBoolean();
    List<FakeSession> meant = activeOnly ? active().toList() : List.copyOf(mind.sessions.values());
    ArrayNode rows = answer.put("totalCount", meant.size()).putArray("sessions");
    meant.stream()
        .limit(params.path("limit").asInt(50))
        .forEach(
            session ->
                rows.addObject()
                    .put("key", session.key)
                    .put("agentId", "main")
                    .put("status", session.status)
                    .put("hasActiveRun", session.active != null)
                    .put("updatedAt", System.currentTimeMillis()));
  }

  private ArrayNode approvals() {
    ArrayNode rows = Json.MAPPER.createArrayNode();
    approvals.forEach(
        (id, command) ->
            rows.addObject().put("id", id).putObject("request").put("command", command));
    return rows;
  }

  private JsonNode update(JsonNode params) {
    ObjectNode job = jobs.get(id(params));
    if (job == null) {
      throw new FakeRefusal("INVALID_REQUEST", "no such job").detail("code", "CRON_JOB_NOT_FOUND");
    }
    params.path("patch").properties().forEach(field -> job.set(field.getKey(), field.getValue()));
    return job;
  }

  private JsonNode add(JsonNode params) {
    for (String required : List.of("name", "schedule", "sessionTarget", "wakeMode", "payload")) {
      if (!params.has(required)) {
        throw new FakeRefusal("INVALID_REQUEST", "invalid cron.add params: " + required);
      }
    }
    ObjectNode job = params.deepCopy();
    job.put("id", UUID.randomUUID().toString());
    jobs.put(job.path("id").asText(), job);
    return job;
  }
}
