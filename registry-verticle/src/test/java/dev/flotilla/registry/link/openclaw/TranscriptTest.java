package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.wire.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The records are as a real gateway of 2026.9.6 wrote them, shortened.
class TranscriptTest {
  private static final String PROMPT =
      """
      {"role":"user","content":"do it","timestamp":1000,"idempotencyKey":"run-1:user"}\
      """;
  private static final String RECOVERY =
      """
      {"role":"user","content":"[System] Your previous turn was interrupted",
       "idempotencyKey":"9f:user","provenance":{"kind":"internal_system"}}\
      """;
  private static final String NEXT_PROMPT =
      """
      {"role":"user","content":"and now this","idempotencyKey":"run-2:user"}\
      """;
  private static final String ANSWER =
      """
      {"role":"assistant","content":[{"type":"text","text":"all "},{"type":"text","text":"done "}],
       "stopReason":"stop","usage":{"input":10,"output":3,"cost":{"total":0.25}},
       "__openclaw":{"runId":"run-1","recordTimestampMs":4000}}\
      """;
  private static final String ABORTED =
      """
      {"role":"assistant","content":[{"type":"text","text":"all"}],"stopReason":"stop",
       "openclawAbort":{"origin":"rpc"}}\
      """;
  private static final String TOOL_CALL =
      """
      {"role":"assistant","content":[{"type":"toolCall","name":"exec"}],"stopReason":"toolUse",
       "usage":{"input":5,"output":2,"cost":{"total":0.05}}}\
      """;
  private static final String REFUSED =
      """
      {"role":"assistant","content":[{"type":"text","text":"HTTP 400"}],"stopReason":"error"}\
      """;
  private static final String TIMED_OUT =
      """
      {"role":"assistant","content":[],"stopReason":"aborted","errorMessage":"request timed out"}\
      """;

  private static final String BROKEN_OFF =
      """
      {"role":"assistant","content":[{"type":"text","text":"al"}],"stopReason":"aborted"}\
      """;

  private String session = "{}";
  private String pending = "{}";
  private String inFlight = "{}";
  private String task = "";

  private Finding find(String... messages) {
    List<JsonNode> nodes = new ArrayList<>();
    for (String message : messages) {
      nodes.add(Json.read(message, JsonNode.class));
    }
    return new Transcript(
            "run-1",
            nodes,
            Json.read(pending, JsonNode.class),
            Json.read(session, JsonNode.class),
            Json.read(inFlight, JsonNode.class),
            task.isEmpty() ? Json.MAPPER.missingNode() : Json.read(task, JsonNode.class))
        .finding();
  }

  private static RunState over(Finding finding) {
    assertThat(finding).isInstanceOf(Finding.Over.class);
    return ((Finding.Over) finding).state();
  }

  @Test
  void aSessionThatHasNeverSeenTheRunMayHaveIt() {
    assertThat(find()).isInstanceOf(Finding.Absent.class);
    assertThat(find(NEXT_PROMPT, ANSWER)).isInstanceOf(Finding.Absent.class);
  }

  @Test
  void anAcceptedRunThatHasNotBegunIsGoing() {
    pending = "{\"items\":[{\"runId\":\"run-1\",\"state\":\"queued\"}]}";
    assertThat(find()).isInstanceOf(Finding.Going.class);
    pending = "{}";
    session = "{\"activeRunIds\":[\"run-1\"]}";
    assertThat(find()).isInstanceOf(Finding.Going.class);
  }

  @Test
  void aRunThatARestartCaughtBeforeItBeganWasNeverRun() {
    pending = "{\"items\":[{\"runId\":\"run-1\",\"state\":\"interrupted\"}]}";
    task = "{\"runId\":\"run-1\",\"status\":\"running\"}";
    assertThat(over(find())).isInstanceOf(RunState.Refused.class);
  }

  @Test
  void aRunInTheLedgerIsNeverStartedAgainThoughTheTranscriptLacksIt() {
    task = "{\"runId\":\"run-1\",\"status\":\"running\"}";
    assertThat(find()).isInstanceOf(Finding.Listed.class);
    task = "{\"runId\":\"run-1\",\"status\":\"cancelled\",\"error\":\"exited before restart\"}";
    assertThat(over(find()))
        .isEqualTo(Outcomes.failed(Outcomes.INTERRUPTED, "exited before restart"));
    task = "{\"runId\":\"run-1\",\"status\":\"completed\"}";
    assertThat(over(find()))
        .isInstanceOfSatisfying(
            RunState.Failed.class, failed -> assertThat(failed.retryable()).isFalse());
  }

  @Test
  void anAnswerAfterThePromptIsTheOutcomeOfTheWholeTurn() {
    session = "{\"status\":\"done\"}";
    assertThat(over(find(PROMPT, TOOL_CALL, ANSWER)))
        .isEqualTo(new RunState.Succeeded(new TaskOutcome("all done", 3_000L, 15L, 5L, 0.3)));
  }

  @Test
  void aTurnThatIsStillBusyIsGoingThoughItHasAnAnswer() {
    session = "{\"status\":\"running\",\"abortedLastRun\":true}";
    assertThat(find(PROMPT)).isInstanceOf(Finding.Going.class);
    session = "{\"status\":\"done\",\"hasActiveRun\":true}";
    assertThat(find(PROMPT, ANSWER)).isInstanceOf(Finding.Going.class);
  }

  @Test
  void aResumedRunIsFollowedUnderItsNewIdAndEndsTheSameTurn() {
    session = "{\"status\":\"running\"}";
    inFlight = "{\"runId\":\"9f\",\"text\":\"all\"}";
    assertThat(find(PROMPT, RECOVERY)).isEqualTo(new Finding.Going("9f", "all"));
    session = "{\"status\":\"done\"}";
    inFlight = "{}";
    assertThat(over(find(PROMPT, RECOVERY, ANSWER))).isInstanceOf(RunState.Succeeded.class);
  }

  @Test
  void anAbortedAnswerIsNoSuccessThoughItStoppedLikeOne() {
    session = "{\"status\":\"killed\"}";
    assertThat(over(find(PROMPT, ABORTED))).isInstanceOf(RunState.Aborted.class);
    assertThat(over(find(PROMPT))).isInstanceOf(RunState.Aborted.class);
    session = "{}";
    assertThat(over(find(PROMPT, ABORTED, NEXT_PROMPT))).isInstanceOf(RunState.Aborted.class);
  }

  @Test
  void failuresKeepTheirKind() {
    session = "{\"status\":\"failed\"}";
    assertThat(over(find(PROMPT, REFUSED))).isEqualTo(Outcomes.failed(Outcomes.FAILED, "HTTP 400"));
    session = "{\"status\":\"timeout\"}";
    assertThat(over(find(PROMPT, TIMED_OUT)))
        .isEqualTo(Outcomes.failed(Outcomes.TIMEOUT, "request timed out"));
  }

  @Test
  void aTurnThatStopsInTheMiddleIsOverOnlyOnceTheNextOneFollows() {
    session = "{\"status\":\"interrupted\"}";
    assertThat(find(PROMPT)).isInstanceOf(Finding.Unclear.class);
    assertThat(find(PROMPT, TOOL_CALL)).isInstanceOf(Finding.Unclear.class);
    assertThat(find(PROMPT, BROKEN_OFF)).isInstanceOf(Finding.Unclear.class);
    assertThat(over(find(PROMPT, TOOL_CALL, NEXT_PROMPT)))
        .isInstanceOfSatisfying(
            RunState.Failed.class,
            failed -> assertThat(failed.reason()).isEqualTo(Outcomes.INTERRUPTED));
  }

  @Test
  void aSessionThatWaitsForRoomIsGoing() {
    session = "{\"status\":\"queued\"}";
    assertThat(find(PROMPT)).isInstanceOf(Finding.Going.class);
    assertThat(find(PROMPT, TOOL_CALL)).isInstanceOf(Finding.Going.class);
  }

  @Test
  void theNextTaskOfTheConversationDoesNotChangeTheAnswerOfThisOne() {
    session = "{\"status\":\"running\",\"hasActiveRun\":true}";
    assertThat(over(find(PROMPT, ANSWER, NEXT_PROMPT))).isInstanceOf(RunState.Succeeded.class);
    assertThat(over(find(PROMPT, ANSWER, NEXT_PROMPT, REFUSED)))
        .isInstanceOf(RunState.Succeeded.class);
  }
}
