package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.wire.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FactTest {
  private static final TaskId TASK = new TaskId("t-1");

  private static Fact changed(@Nullable String session) {
    JsonNode example = Schemas.schema("example/event/task.json").deepCopy();
    ((ObjectNode) example.path("task")).put("id", TASK.value()).put("session", session);
    return Json.read(example.toString(), Fact.TaskChanged.class);
  }

  private static List<String> topics(Fact fact) {
    return fact.topics().stream().map(Topic::name).toList();
  }

  @Test
  void aTaskOfANamedConversationIsToldInItsThread() {
    assertThat(topics(changed("chat-7"))).containsExactly("tasks", "task:t-1", "thread:chat-7");
    assertThat(topics(new Fact.TaskOutput(TASK, "chat-7", 1, 0, "x")))
        .containsExactly("tasks", "task:t-1", "thread:chat-7");
  }

  @Test
  void aTaskWithoutOneIsToldInNoThread() {
    assertThat(topics(changed(null))).containsExactly("tasks", "task:t-1");
    assertThat(topics(new Fact.TaskOutput(TASK, 1, 0, "x"))).containsExactly("tasks", "task:t-1");
  }

  @Test
  void anAgentIsToldOfOnItsOwnTopicAndWithAllAgents() {
    InstanceId instance = new InstanceId("eu-1");
    assertThat(
            topics(
                new Fact.AgentChanged(
                    AgentId.of(instance), instance, AgentStatus.IDLE, null, null, null)))
        .containsExactly("agents", "agent:eu-1");
  }
}
