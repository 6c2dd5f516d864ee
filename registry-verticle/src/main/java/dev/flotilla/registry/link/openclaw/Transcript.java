package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one session's records say about one run. Pure: all of it comes from `chat.history` and
/// `tasks.list`, which survive a restart of the instance, unlike its idempotency keys.
///
/// The prompt of a run stands in the transcript with the key `{runId}:user`. A run that a crash
/// interrupted is resumed by the instance itself under another id, with a prompt of its own that
/// has a `provenance`; so the run's turn goes on until the next prompt without one.
///
/// @param messages oldest first
/// @param task the instance's own ledger row for the run, or a missing node
record Transcript(
    String runId,
    List<JsonNode> messages,
    JsonNode pendingInputs,
    JsonNode session,
    JsonNode inFlight,
    JsonNode task) {

  Finding finding() {
    int prompt = prompt();
    return prompt < 0 ? beforeTheTurn() : inTheTurn(prompt);
  }

  /// True where older pages could still hold the prompt.
  boolean hasPrompt() {
    return prompt() >= 0;
  }

  private int prompt() {
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).path("idempotencyKey").asText("").equals(runId + ":user")) {
        return i;
      }
    }
    return -1;
  }

  private Finding beforeTheTurn() {
    for (JsonNode input : pendingInputs.path("items")) {
      if (input.path("runId").asText("").equals(runId)) {
        // An interrupted input is shown to people for sending again; nothing else takes it up.
        return input.path("state").asText("").equals("interrupted")
            ? over(new RunState.Refused("the instance restarted before the run began"))
            : new Finding.Going(runId, null);
      }
    }
    if (isActive(runId)) {
      return inFlight.path("runId").asText("").equals(runId)
          ? going()
          : new Finding.Going(runId, null);
    }
    return task.isMissingNode() ? new Finding.Absent() : byTask();
  }

  private Finding byTask() {
    String error = task.path("error").asText("the run left no transcript");
    return switch (task.path("status").asText("")) {
      case "queued", "running" ->
          new Finding.Listed("its instance lists it, but no session has it");
      case "completed" -> over(new RunState.Failed(Outcomes.FAILED, error, false));
      case "timed_out" -> over(Outcomes.failed(Outcomes.TIMEOUT, error));
      default -> over(Outcomes.failed(Outcomes.INTERRUPTED, error));
    };
  }

  private Finding inTheTurn(int prompt) {
    int end = endOfTurn(prompt);
    boolean newest = end == messages.size();
    if (newest && busy()) {
      return going();
    }
    List<JsonNode> answers =
        messages.subList(prompt, end).stream()
            .filter(message -> message.path("role").asText("").equals("assistant"))
            .toList();
    String status = newest ? session.path("status").asText("") : "";
    if (answers.isEmpty()) {
      return busy() ? new Finding.Going(null, null) : withoutAnswer(status);
    }
    RunState state = ended(answers, status, messages.get(prompt));
    return newest && isInterrupted(state)
        ? new Finding.Unclear("the run stopped in the middle of its work")
        : over(state);
  }

  private Finding going() {
    String text = inFlight.path("text").asText("");
    return new Finding.Going(inFlight.path("runId").asText(null), text.isEmpty() ? null : text);
  }

  private int endOfTurn(int prompt) {
    for (int i = prompt + 1; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      if (message.path("role").asText("").equals("user") && !message.has("provenance")) {
        return i;
      }
    }
    return messages.size();
  }

  /// Nobody has written why it stopped: the rest may follow, or the instance may resume it.
  private static boolean isInterrupted(RunState end) {
    return end instanceof RunState.Failed failed && failed.reason().equals(Outcomes.INTERRUPTED);
  }

  /// `running` is also what a session says whose interrupted run waits for being resumed, `queued`
  /// one that waits for room. `interrupted` is an end: such a session is not taken up again.
  private boolean busy() {
    String status = session.path("status").asText("");
    return status.equals("running")
        || status.equals("queued")
        || session.path("hasActiveRun").asBoolean()
        || inFlight.has("runId");
  }

  private boolean isActive(String id) {
    for (JsonNode active : session.path("activeRunIds")) {
      if (active.asText().equals(id)) {
        return true;
      }
    }
    return inFlight.path("runId").asText("").equals(id);
  }

  private static Finding withoutAnswer(String status) {
    return switch (status) {
      case "failed" -> over(Outcomes.failed(Outcomes.FAILED, "the run failed without an answer"));
      case "timeout" -> over(Outcomes.failed(Outcomes.TIMEOUT, "the run took too long"));
      case "killed" -> over(new RunState.Aborted("the run was aborted"));
      default -> new Finding.Unclear("the run stopped without an answer");
    };
  }

  private RunState ended(List<JsonNode> answers, String status, JsonNode prompt) {
    JsonNode last = answers.getLast();
    String stop = last.path("stopReason").asText("");
    String error = last.path("errorMessage").asText(text(last));
    // An aborted run keeps its partial answer, with the stop reason of a whole one.
    if (last.has("openclawAbort") || status.equals("killed")) {
      return new RunState.Aborted("the run was aborted");
    }
    if (status.equals("timeout") || (error.contains("timed out") && stop.equals("aborted"))) {
      return Outcomes.failed(Outcomes.TIMEOUT, error);
    }
    if (stop.equals("error") || status.equals("failed")) {
      return Outcomes.failed(Outcomes.FAILED, error);
    }
    if (stop.equals("aborted") || stop.equals("toolUse")) {
      return Outcomes.failed(Outcomes.INTERRUPTED, "the run was interrupted");
    }
    return new RunState.Succeeded(outcome(answers, prompt));
  }

  private static TaskOutcome outcome(List<JsonNode> answers, JsonNode prompt) {
    JsonNode last = answers.getLast();
    long began = prompt.path("timestamp").asLong();
    long ended = last.path("__openclaw").path("recordTimestampMs").asLong();
    return new TaskOutcome(
        text(last).strip(),
        ended > began && began > 0 ? Long.valueOf(ended - began) : null,
        sum(answers, "input"),
        sum(answers, "output"),
        cost(answers));
  }

  private static @Nullable Long sum(List<JsonNode> answers, String kind) {
    List<JsonNode> counts =
        answers.stream()
            .map(each -> each.path("usage").path(kind))
            .filter(JsonNode::isNumber)
            .toList();
    return counts.isEmpty() ? null : counts.stream().mapToLong(JsonNode::asLong).sum();
  }

  private static @Nullable Double cost(List<JsonNode> answers) {
    List<JsonNode> costs =
        answers.stream()
            .map(each -> each.path("usage").path("cost").path("total"))
            .filter(JsonNode::isNumber)
            .toList();
    return costs.isEmpty() ? null : costs.stream().mapToDouble(JsonNode::asDouble).sum();
  }

  static String text(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isTextual()) {
      return content.asText();
    }
    StringBuilder text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asText("")));
    return text.toString();
  }

  private static Finding over(RunState state) {
    return new Finding.Over(state);
  }
}
