package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.PeerResult;
import dev.flotilla.contract.PeerResult.AgentCard;
import dev.flotilla.contract.PeerResult.ApprovalCard;
import dev.flotilla.contract.PeerResult.CronCard;
import dev.flotilla.contract.PeerResult.ModelCard;
import dev.flotilla.contract.PeerResult.SessionCard;
import dev.flotilla.contract.PeerResult.SessionMessage;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads answers of an instance: a field that is missing, or of another type, is absent.
///
/// @param instance whose answers they are
record PeerReading(InstanceId instance) {

  PeerResult agents(JsonNode answer) {
    String standard = answer.path("defaultId").asText("");
    return new PeerResult.AgentCatalog(
        each(
            answer.path("agents"),
            agent ->
                new AgentCard(
                    instance,
                    id(agent),
                    text(agent.path("name")),
                    name(agent.path("model")),
                    id(agent).equals(standard))),
        List.of(),
        false);
  }

  PeerResult models(JsonNode answer) {
    return new PeerResult.ModelPage(
        each(
            answer.path("models"),
            model ->
                new ModelCard(
                    instance,
                    id(model),
                    text(model.path("provider")),
                    text(model.path("name")),
                    model.path("available").isBoolean()
                        ? Boolean.valueOf(model.path("available").asBoolean())
                        : null,
                    text(model.path("unavailableReason")),
                    Outcomes.number(model.path("contextWindow")))),
        List.of(),
        false);
  }

  PeerResult sessions(JsonNode answer) {
    return new PeerResult.SessionPage(
        each(answer.path("sessions"), this::session), List.of(), false);
  }

  private SessionCard session(JsonNode row) {
    JsonNode cost = row.path("estimatedCostUsd");
    return new SessionCard(
        instance,
        row.path("key").asText(""),
        text(row.path("agentId")),
        text(row.path("label")),
        text(row.path("status")),
        row.path("hasActiveRun").asBoolean(),
        text(row.path("model")),
        Outcomes.number(row.path("inputTokens")),
        Outcomes.number(row.path("outputTokens")),
        cost.isNumber() ? Double.valueOf(cost.asDouble()) : null,
        time(row.has("lastActivityAt") ? row.path("lastActivityAt") : row.path("updatedAt")));
  }

  PeerResult history(String key, JsonNode answer) {
    JsonNode next = answer.path("nextOffset");
    return new PeerResult.SessionHistory(
        instance,
        answer.path("sessionKey").asText(key),
        each(
            answer.path("messages"),
            message ->
                new SessionMessage(
                    message.path("role").asText(""),
                    Transcript.text(message),
                    time(message.path("timestamp")))),
        answer.path("hasMore").asBoolean() && next.canConvertToInt() ? next.asInt() : null,
        answer.has("inFlightRun") || answer.path("sessionInfo").path("hasActiveRun").asBoolean());
  }

  PeerResult aborted(String key, JsonNode answer) {
    return new PeerResult.ChatAborted(
        instance,
        key,
        answer.path("aborted").asBoolean(),
        each(answer.path("runIds"), id -> id.asText("")));
  }

  PeerResult approvals(JsonNode answer) {
    JsonNode rows = answer.isArray() ? answer : answer.path("approvals");
    return new PeerResult.ApprovalPage(each(rows, this::approval), List.of(), false);
  }

  private ApprovalCard approval(JsonNode row) {
    JsonNode request = row.path("request");
    return new ApprovalCard(
        instance,
        id(row),
        row.path("kind").asText("exec"),
        text(request.has("command") ? request.path("command") : request.path("title")),
        text(request.path("agentId")),
        text(request.path("sessionKey")),
        time(row.path("createdAtMs")),
        time(row.path("expiresAtMs")));
  }

  PeerResult jobs(JsonNode answer) {
    return new PeerResult.CronPage(each(answer.path("jobs"), this::job), List.of(), false);
  }

  private CronCard job(JsonNode row) {
    JsonNode state = row.path("state");
    return new CronCard(
        instance,
        id(row),
        text(row.path("name")),
        row.path("enabled").asBoolean(),
        CronJobs.inWords(row.path("schedule")),
        text(row.path("agentId")),
        time(state.has("nextRunAtMs") ? state.path("nextRunAtMs") : row.path("nextRunAtMs")),
        text(state.has("lastStatus") ? state.path("lastStatus") : row.path("lastStatus")));
  }

  PeerResult added(JsonNode answer) {
    JsonNode job = answer.has("job") ? answer.path("job") : answer;
    return new PeerResult.CronChanged(instance, id(job), true, null);
  }

  PeerResult updated(String id) {
    return new PeerResult.CronChanged(instance, id, true, null);
  }

  PeerResult removed(String id, JsonNode answer) {
    boolean done = answer.path("removed").asBoolean(answer.path("ok").asBoolean(true));
    return new PeerResult.CronChanged(instance, id, done, null);
  }

  PeerResult started(String id, JsonNode answer) {
    boolean done = answer.path("enqueued").asBoolean(answer.path("ran").asBoolean());
    return new PeerResult.CronChanged(instance, id, done, text(answer.path("runId")));
  }

  PeerResult restarting(JsonNode answer) {
    return new PeerResult.InstanceRestarting(
        instance,
        answer.path("status").asText("unknown"),
        text(answer.path("preflight").path("summary")));
  }

  PeerResult called(String method, JsonNode answer) {
    ObjectNode payload = Json.MAPPER.createObjectNode();
    if (answer instanceof ObjectNode object) {
      payload = object;
    } else if (!answer.isMissingNode()) {
      payload.set("value", answer);
    }
    return new PeerResult.InstanceCalled(instance, method, RawJson.of(payload));
  }

  private static <T> List<T> each(JsonNode rows, Function<JsonNode, T> read) {
    List<T> items = new ArrayList<>();
    rows.forEach(row -> items.add(read.apply(row)));
    return items;
  }

  private static String id(JsonNode row) {
    return row.path("id").asText("");
  }

  private static @Nullable String text(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
  }

  /// A model is named, or described by an object.
  private static @Nullable String name(JsonNode model) {
    return model.isObject() ? text(model.path("primary")) : text(model);
  }

  private static @Nullable Instant time(JsonNode node) {
    return node.isNumber() && node.asLong() > 0 ? Instant.ofEpochMilli(node.asLong()) : null;
  }
}
