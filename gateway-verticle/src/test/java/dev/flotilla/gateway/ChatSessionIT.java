package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.AgentPage;
import dev.flotilla.contract.Result.AgentTask;
import dev.flotilla.contract.Result.AgentView;
import dev.flotilla.gateway.fixture.Chat;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.ScriptedThread;
import dev.flotilla.identity.AgentId;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatSessionIT {
  private static final AgentId AGENT = new AgentId("eu-1");
  private static final InstanceId INSTANCE = new InstanceId("eu-1");

  private Gateways gateways;

  /// Each test has its own.
  private TenantId acme;

  @BeforeAll
  void start() {
    gateways = Gateways.start(Map.of("FLOTILLA_GATEWAY_PING_INTERVAL", "300ms"));
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    ScriptedThread.of(gateways, acme);
    AgentTask task =
        new AgentTask(ScriptedThread.TASK, ScriptedThread.ID, AgentStatus.TOOL, "exec", null);
    AgentView agent = new AgentView(AGENT, INSTANCE, AgentStatus.TOOL, null, List.of(task));
    gateways
        .commands()
        .answer(
            CommandKind.AGENT_LIST,
            _ -> Future.succeededFuture(RawJson.of(new AgentPage(List.of(agent)))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/chat/ws", "/api/v1/chat/ws", "/api/ws"})
  void itIsServedAtItsPathsUnderItsName(String path) {
    Client client =
        gateways.open(
            new WebSocketConnectOptions()
                .setURI(path)
                .addSubProtocol("fleet.chat.v1")
                .putHeader("Authorization", "Bearer " + gateways.token(acme)));
    assertThat(client.socket().subProtocol()).isEqualTo("fleet.chat.v1");
    assertThat(client.next().getString("type")).isEqualTo("ping");
  }

  @Test
  void withoutAGoodTokenThereIsAnErrorAndTheEnd() {
    for (String token : new String[] {null, "nonsense"}) {
      Chat chat = Chat.open(gateways, gateways.port(), token);
      assertThat(chat.nextData("error").getString("code")).isEqualTo("AUTHENTICATION_FAILED");
      assertThat(chat.client().closeCode()).isEqualTo(4401);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "not json",
        "[]",
        "{}",
        "{'v':2,'type':'pong','topic':'system','ts':1,'data':{}}",
        "{'v':1,'type':'ping','topic':'system','ts':1,'data':{}}",
        "{'v':1,'type':'pong','topic':'tasks','ts':1,'data':{}}",
        "{'v':1,'type':'pong','topic':'system','ts':1,'data':{'more':1}}",
        "{'v':1,'type':'subscribe_thread','topic':'system','ts':1,'data':{'thread_id':7}}"
      })
  void anInvalidMessageIsAnErrorAndTheEnd(String text) {
    Chat chat = Chat.open(gateways, acme);
    chat.client().sendText(text.replace('\'', '"'));
    JsonObject error = chat.client().await(message -> !"ping".equals(message.getString("type")));
    assertThat(error.getString("type")).isEqualTo("error");
    assertThat(error.getJsonObject("data").getString("code")).isEqualTo("VALIDATION_ERROR");
    assertThat(chat.client().closeCode()).isEqualTo(1002);
  }

  @Test
  void aMessageThatIsTooLargeOrNotAboutItsTopicEndsNothing() {
    Chat chat = Chat.open(gateways, acme);
    chat.client().sendText("x".repeat(70_000));
    JsonObject error = chat.client().await(message -> "error".equals(message.getString("type")));
    assertThat(error.getJsonObject("data").getString("reason")).isEqualTo("PAYLOAD_TOO_LARGE");
    JsonObject elsewhere =
        Chat.message("subscribe_thread", "r", new JsonObject().put("thread_id", "a"))
            .put("topic", "thread:b");
    chat.client().send(elsewhere);
    JsonObject refusal = chat.client().await(message -> "error".equals(message.getString("type")));
    assertThat(refusal.getString("req_id")).isEqualTo("r");
    assertThat(refusal.getJsonObject("data").getString("field")).isEqualTo("topic");
    chat.send("subscribe_thread", new JsonObject().put("thread_id", "a"));
    chat.client().await(message -> "thread_history".equals(message.getString("type")));
  }

  @Test
  void whoDoesNotAnswerPingsIsClosedWhateverElseItSends() {
    try (Gateways strict =
        Gateways.start(
            Map.of(
                "FLOTILLA_GATEWAY_PING_INTERVAL", "300ms",
                "FLOTILLA_GATEWAY_PONG_TIMEOUT", "5s"))) {
      Chat silent = Chat.open(strict, acme);
      Chat answering = Chat.open(strict, acme);
      while (silent.client().isOpen()) {
        answering.client().await(message -> "ping".equals(message.getString("type")));
        answering.client().send(Chat.message("pong", null, new JsonObject()));
        silent.send("unsubscribe_thread", new JsonObject().put("thread_id", "a"));
      }
      assertThat(silent.client().closeCode()).isEqualTo(4408);
      assertThat(answering.client().isOpen()).isTrue();
    }
  }

  @Test
  void aSubscriptionToAnAgentSaysWhatItDoesAndThenWhatChanges() {
    Promise<Void> release = Promise.promise();
    AgentView idle = new AgentView(AGENT, INSTANCE, AgentStatus.IDLE, null, List.of());
    gateways
        .commands()
        .answer(
            CommandKind.AGENT_LIST,
            _ -> release.future().map(_ -> RawJson.of(new AgentPage(List.of(idle)))));
    Chat before = Chat.open(gateways, acme);
    before.send("subscribe_agent", new JsonObject().put("agent_id", "eu-1"));
    Chat chat = Chat.open(gateways, acme);
    String reqId = chat.send("subscribe_agent", new JsonObject().put("agent_id", "eu-1"));
    await().until(() -> gateways.commands().asked(acme, CommandKind.AGENT_LIST).size() >= 2);
    does(AgentStatus.WORKING);
    release.complete();
    JsonObject first = chat.client().await(ChatSessionIT::isOfAgent);
    assertThat(first.getString("req_id")).isEqualTo(reqId);
    assertThat(first.getString("topic")).isEqualTo("agent:eu-1");
    assertThat(first.getJsonObject("data").getString("status")).isEqualTo("idle");
    JsonObject second = chat.client().await(ChatSessionIT::isOfAgent);
    assertThat(second.containsKey("req_id")).isFalse();
    assertThat(second.getJsonObject("data"))
        .isEqualTo(
            new JsonObject()
                .put("agent_id", "eu-1")
                .put("instance_id", "eu-1")
                .put("status", "working")
                .put("task_id", ScriptedThread.TASK.value())
                .put("thread_id", ScriptedThread.ID));
    does(AgentStatus.FINISHED);
    assertThat(
            chat.client().await(ChatSessionIT::isOfAgent).getJsonObject("data").getString("status"))
        .isEqualTo("finished");
  }

  private static boolean isOfAgent(JsonObject message) {
    return "agent_event".equals(message.getString("type"));
  }

  private void does(AgentStatus status) {
    Fact fact =
        new Fact.AgentChanged(
            AGENT, INSTANCE, status, ScriptedThread.TASK, ScriptedThread.ID, null);
    gateways.log().publishEphemeral(acme, List.of(fact), null);
  }

  @Test
  void theAnswerSaysWhatTheAgentWorksOn() {
    Chat chat = Chat.open(gateways, acme);
    chat.send("subscribe_agent", new JsonObject().put("agent_id", "eu-1"));
    JsonObject state = chat.client().await(ChatSessionIT::isOfAgent).getJsonObject("data");
    assertThat(state.getString("tool")).isEqualTo("exec");
    assertThat(state.getString("thread_id")).isEqualTo(ScriptedThread.ID);
  }

  @Test
  void anAgentThatDoesNotServeTheTenantIsUnknownAndNotFollowed() {
    Chat chat = Chat.open(gateways, acme);
    String reqId = chat.send("subscribe_agent", new JsonObject().put("agent_id", "us-1"));
    JsonObject refusal = chat.client().await(message -> "error".equals(message.getString("type")));
    assertThat(refusal.getString("req_id")).isEqualTo(reqId);
    assertThat(refusal.getJsonObject("data").getString("code")).isEqualTo("NOT_FOUND");
    chat.send("unsubscribe_agent", new JsonObject().put("agent_id", "eu-1"));
    chat.client().await(message -> "unsubscribed".equals(message.getString("type")));
  }

  @Test
  void aSessionGoesOnWithAWeakerTokenAndLosesWhatThatDoesNotAllow() {
    Chat chat = Chat.open(gateways, acme);
    String token = gateways.token(acme, Role.VIEWER, Duration.ofHours(2));
    chat.send("auth_refresh", new JsonObject().put("token", "nonsense"));
    JsonObject refusal = chat.client().await(message -> "error".equals(message.getString("type")));
    assertThat(refusal.getJsonObject("data").getString("code")).isEqualTo("AUTHENTICATION_FAILED");
    chat.send("auth_refresh", new JsonObject().put("token", token));
    JsonObject refreshed =
        chat.client().await(message -> "auth_refreshed".equals(message.getString("type")));
    assertThat(refreshed.getJsonObject("data").getJsonArray("dropped")).isEqualTo(new JsonArray());
    assertThat(refreshed.getJsonObject("data").getLong("expires_at"))
        .isGreaterThan(System.currentTimeMillis());
    chat.say("a", "May I?");
    JsonObject forbidden =
        chat.client().await(message -> "error".equals(message.getString("type")));
    assertThat(forbidden.getJsonObject("data").getString("reason")).isEqualTo("MISSING_SCOPE");
  }

  @Test
  void manyThreadsAreResumedAtOnce() {
    String epoch = gateways.log().head(acme).await().epoch();
    ScriptedThread thread = ScriptedThread.of(gateways, acme);
    for (int i = 0; i < 35; i++) {
      thread.another("t" + i).running();
    }
    Chat chat = Chat.open(gateways, acme);
    JsonObject start = new JsonObject().put("epoch", epoch).put("seq", 0);
    for (int i = 0; i < 35; i++) {
      JsonObject about = new JsonObject().put("thread_id", "t" + i).put("since", start);
      chat.send("subscribe_thread", about);
    }
    int histories = 0;
    int starts = 0;
    while (histories < 35) {
      JsonObject message = chat.client().next();
      switch (message.getString("type")) {
        case "thread_history" -> histories++;
        case "stream_start" -> starts++;
        default -> assertThat(message.getString("type")).isEqualTo("ping");
      }
    }
    assertThat(starts).isEqualTo(35);
    assertThat(gateways.commands().asked(acme, CommandKind.THREAD_HISTORY)).hasSizeLessThan(3 * 35);
  }

  @Test
  void everyRequestIsAnsweredAlsoAboveTheRate() {
    try (Gateways strict = Gateways.start(Map.of("FLOTILLA_DIALECTS_CHAT_CONNECTION_RATE", "20"))) {
      Chat chat = Chat.open(strict, acme);
      Set<String> asked = new HashSet<>();
      for (int i = 0; i < 70; i++) {
        asked.add(chat.send("unsubscribe_thread", new JsonObject().put("thread_id", "a")));
      }
      Set<String> limited = new HashSet<>();
      while (!asked.isEmpty()) {
        JsonObject answer = chat.client().await(message -> message.containsKey("req_id"));
        assertThat(asked.remove(answer.getString("req_id"))).as(answer.encode()).isTrue();
        if (answer.getString("type").equals("error")) {
          limited.add(answer.getJsonObject("data").getString("reason"));
        }
      }
      assertThat(limited).containsExactly("RATE_LIMITED");
    }
  }

  @Test
  void aNodeThatStopsSaysSoFirst() {
    Gateways.Running leaving = gateways.another("node-2");
    Chat chat = Chat.open(gateways, leaving.port(), gateways.token(acme));
    chat.client().await(message -> "ping".equals(message.getString("type")));
    gateways.stop(leaving);
    JsonObject notice = chat.client().await(message -> "notice".equals(message.getString("type")));
    assertThat(notice.getJsonObject("data").getString("kind")).isEqualTo("drain");
    assertThat(chat.client().closeCode()).isEqualTo(1012);
  }
}
