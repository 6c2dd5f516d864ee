package dev.flotilla.gateway.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import dev.flotilla.wire.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EventRenderingTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_763_600_000_000L);
  private static final TaskId TASK = new TaskId("t-1");
  private static final TaskError ERROR = new TaskError("NO_MODEL", "no model");

  private static @Nullable ServerMessage render(Fact fact) {
    return EventRendering.render(Event.of(7L, fact, NOW, "alice", "c"), "e");
  }

  private static JsonObject json(Fact fact) {
    JsonObject message = new JsonObject(Json.text(Objects.requireNonNull(render(fact))));
    assertThat(Contract.check(message.getString("type"), message).getErrors()).isNullOrEmpty();
    return message;
  }

  private static Fact changed(
      TaskChange change,
      @Nullable String prompt,
      @Nullable String session,
      @Nullable TaskOutcome result,
      String... labels) {
    return changed(2, change, prompt, session, result, labels);
  }

  private static Fact changed(
      int attempt,
      TaskChange change,
      @Nullable String prompt,
      @Nullable String session,
      @Nullable TaskOutcome result,
      String... labels) {
    TaskView task =
        new TaskView(
            TASK,
            TaskState.PENDING,
            Priority.HIGH,
            prompt,
            session,
            List.of(),
            List.of(labels),
            attempt,
            3,
            new InstanceId("eu-1"),
            null,
            result,
            result == null ? ERROR : null,
            "alice",
            NOW,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    return new Fact.TaskChanged(change, task, "in words");
  }

  @Test
  void whatIsAskedIsAMessageOfItsAuthor() {
    JsonObject message = json(changed(TaskChange.QUEUED, "Which disk?", "th", null, "req:r-1"));
    assertThat(message.getString("type")).isEqualTo("thread_message");
    assertThat(message.getString("topic")).isEqualTo("thread:th");
    assertThat(message.getString("req_id")).isEqualTo("r-1");
    assertThat(message.getLong("ts")).isEqualTo(NOW.toEpochMilli());
    assertThat(message.getJsonObject("data").getJsonObject("position"))
        .isEqualTo(new JsonObject().put("epoch", "e").put("seq", 7));
    assertThat(message.getJsonObject("data").getJsonObject("message").getString("author"))
        .isEqualTo("alice");
  }

  @Test
  void aTaskThatIsQueuedAgainIsAnAttemptThatEndedAndAnotherThatFollows() {
    JsonObject message = json(changed(TaskChange.QUEUED, null, "th", null));
    assertThat(message.getString("type")).isEqualTo("stream_end");
    assertThat(message.getJsonObject("data").getString("status")).isEqualTo("retrying");
  }

  @Test
  void aTaskForLaterIsAMessageAndNoNewsOnceItsTimeHasCome() {
    JsonObject message = json(changed(0, TaskChange.SCHEDULED, "Later?", "th", null));
    assertThat(message.getString("type")).isEqualTo("thread_message");
    assertThat(render(changed(0, TaskChange.QUEUED, null, "th", null))).isNull();
  }

  @Test
  void everyWayToEndIsAnEndWithItsStatus() {
    for (TaskChange change :
        List.of(
            TaskChange.RETRYING,
            TaskChange.FAILED,
            TaskChange.DEAD,
            TaskChange.CANCELLED,
            TaskChange.EXPIRED)) {
      JsonObject data = json(changed(change, null, "th", null)).getJsonObject("data");
      assertThat(data.getString("status")).isEqualTo(change.wireName());
      assertThat(data.getJsonObject("error").getString("reason")).isEqualTo("NO_MODEL");
      assertThat(data.getInteger("attempt")).isEqualTo(2);
    }
    TaskOutcome outcome = new TaskOutcome("sda1", null, null, null, null);
    JsonObject data =
        json(changed(TaskChange.SUCCEEDED, null, "th", outcome)).getJsonObject("data");
    assertThat(data.getString("text")).isEqualTo("sda1");
    assertThat(data.containsKey("error")).isFalse();
  }

  @Test
  void aLabelThatIsNoRequestIdOfOursIsNone() {
    for (String label : List.of("req", "request:1", "req:", "req:two words", "team:req:1")) {
      assertThat(json(changed(TaskChange.RUNNING, null, "th", null, label)).containsKey("req_id"))
          .as(label)
          .isFalse();
    }
    assertThat(
            json(changed(TaskChange.RUNNING, null, "th", null, "team:ops", "req:1"))
                .getString("req_id"))
        .isEqualTo("1");
  }

  @Test
  void whatAnAgentDoesIsToldWithItsThread() {
    JsonObject data =
        json(new Fact.AgentChanged(
                new AgentId("eu-1"), new InstanceId("eu-1"), AgentStatus.TOOL, TASK, "th", "exec"))
            .getJsonObject("data");
    assertThat(data.getString("thread_id")).isEqualTo("th");
    assertThat(data.getString("tool")).isEqualTo("exec");
  }

  @Test
  void whatBelongsToNoConversationIsNotCarried() {
    assertThat(render(changed(TaskChange.RUNNING, null, null, null))).isNull();
    assertThat(render(new Fact.TaskOutput(TASK, null, 1, 0, "x"))).isNull();
    assertThat(render(new Fact.PresenceChanged(new UserId("bob"), PresenceStatus.ONLINE))).isNull();
  }
}
