package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.registry.drill.FakeInstance;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Two forked nodes with their stores, an instance, and people who talk with its agent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private FleetProcess fleet;
  private FakeInstance instance;
  private Desk desk;
  private String tenant;
  private String home;
  private final Map<String, String> tokens = new HashMap<>();

  @BeforeAll
  void start() throws Exception {
    fleet = FleetProcess.up(FleetProcess.kept("chat"), 2);
  }

  @BeforeEach
  void openDesk() throws Exception {
    for (int node = 1; node <= 2; node++) {
      int each = node;
      await().atMost(LIMIT).until(() -> fleet.isReady(each));
    }
    instance = FakeInstance.start("a token of the instance");
    tenant = "tenant-" + UUID.randomUUID();
    home = tenant + "-home";
    tokens.clear();
    desk = new Desk(fleet, vertx, tenant);
    desk.register(home, instance.url(), instance.token());
  }

  @AfterEach
  void closeDesk() {
    instance.close();
  }

  @AfterAll
  void stop() throws Exception {
    fleet.stop();
    fleet.close();
    vertx.close().await();
  }

  private ChatSocket open(int node, String user) throws Exception {
    if (!tokens.containsKey(user)) {
      tokens.put(user, fleet.token(tenant, user, "operator"));
    }
    return ChatSocket.open(vertx, fleet.url(node), tokens.get(user));
  }

  private static JsonObject position(JsonObject message) {
    return message.getJsonObject("data").getJsonObject("position");
  }

  @Test
  void whatSomebodySaysIsAnsweredWordByWordAndEverybodySeesIt() throws Exception {
    ChatSocket alice = open(1, "alice");
    ChatSocket bob = open(2, "bob");
    assertThat(alice.follow("incident", null).getJsonArray("messages")).isEmpty();
    bob.follow("incident", null);
    String task = alice.say("incident", "[[slow:30:40]]");

    for (ChatSocket each : List.of(alice, bob)) {
      JsonObject end = each.awaitEnd(task);
      assertThat(end.getString("status")).isEqualTo("succeeded");
      assertThat(end.getString("text")).startsWith("w0 ").endsWith(" w29");
      assertThat(each.text(task)).isEqualTo(end.getString("text"));
      assertThat(each.story(task).stream().filter(type -> !type.equals("message_accepted")))
          .containsExactly("thread_message", "stream_start", "stream_chunk", "stream_end");
      assertThat(each.messages())
          .filteredOn(message -> message.getString("type").equals("stream_chunk"))
          .hasSizeGreaterThan(3);
    }
    String reqId =
        alice
            .awaitMessage(message -> message.getString("type").equals("message_accepted"))
            .getString("req_id");
    assertThat(bob.messages())
        .filteredOn(message -> message.containsKey("req_id"))
        .filteredOn(message -> !message.getString("type").equals("thread_history"))
        .extracting(message -> message.getString("req_id"))
        .containsOnly(reqId);
    JsonObject history = open(2, "carol").follow("incident", null);
    assertThat(history.getJsonArray("messages"))
        .extracting(message -> ((JsonObject) message).getString("text"))
        .containsExactly("[[slow:30:40]]", bob.text(task));
  }

  @Test
  void whoJoinsInTheMiddleSeesTheWholeTextOnce() throws Exception {
    ChatSocket alice = open(1, "alice");
    alice.follow("incident", null);
    open(2, "bob").close();
    String task = alice.say("incident", "[[slow:260:40]]");
    List<ChatSocket> late = new ArrayList<>();
    for (int word = 10; word <= 110; word += 20) {
      String seen = "w" + word;
      await().atMost(LIMIT).until(() -> alice.text(task).contains(seen));
      ChatSocket joining = open(1 + word / 20 % 2, "bob");
      JsonObject live = joining.follow("incident", null).getJsonObject("live");
      assertThat(live.getString("text")).contains(seen);
      late.add(joining);
    }
    String said = alice.awaitEnd(task).getString("text");
    assertThat(said).startsWith("w0 ").endsWith(" w259");
    assertThat(alice.text(task)).isEqualTo(said);
    for (ChatSocket each : late) {
      each.awaitEnd(task);
      assertThat(each.text(task)).isEqualTo(said);
      assertThat(indexes(each)).doesNotHaveDuplicates().isSorted();
      assertThat(indexes(each).getFirst()).isPositive();
    }
  }

  private static List<Integer> indexes(ChatSocket chat) {
    return chat.messages().stream()
        .filter(message -> message.getString("type").equals("stream_chunk"))
        .map(message -> message.getJsonObject("data").getInteger("index"))
        .toList();
  }

  @Test
  void whoseNodeDiesGoesOnElsewhereAndLosesNothing() throws Exception {
    int node = desk.owner(1, home);
    int other = 3 - node;
    ChatSocket alice = open(node, "alice");
    alice.follow("incident", null);
    String task = alice.say("incident", "[[slow:300:100]]");
    JsonObject start =
        alice.awaitMessage(message -> message.getString("type").equals("stream_start"));
    await().atMost(LIMIT).until(() -> alice.text(task).contains("w20"));
    fleet.kill(node);
    alice.awaitClosed();

    ChatSocket back = open(other, "alice");
    back.follow("incident", position(start));
    String said = back.awaitEnd(task).getString("text");
    assertThat(said).startsWith("w0 ").endsWith(" w299");
    assertThat(back.text(task, alice.text(task))).isEqualTo(said);
    List<Long> seqs = new ArrayList<>(alice.seqs());
    seqs.addAll(back.seqs());
    assertThat(seqs).isSorted();
    assertThat(new HashSet<>(seqs)).hasSameSizeAs(seqs);
    assertThat(instance.executions("[[slow:300:100]]")).isEqualTo(1);
  }

  @Test
  void aTaskThatIsCancelledOrFailsEndsWithAnError() throws Exception {
    ChatSocket alice = open(1, "alice");
    String hanging = alice.say("incident", "[[hang]]");
    alice.awaitMessage(message -> message.getString("type").equals("stream_start"));
    desk.post(2, "/api/v1/tasks/" + hanging + "/cancel", Desk.key(), new JsonObject());
    JsonObject end = alice.awaitEnd(hanging);
    assertThat(end.getString("status")).isEqualTo("cancelled");
    assertThat(end.getJsonObject("error").getString("message")).contains("alice");
    assertThat(end.containsKey("text")).isFalse();
  }

  @Test
  void whatAnAgentDoesIsSeenByThoseWhoFollowIt() throws Exception {
    ChatSocket bob = open(2, "bob");
    bob.send("subscribe_agent", new JsonObject().put("agent_id", home));
    bob.awaitMessage(message -> "idle".equals(message.getJsonObject("data").getString("status")));
    ChatSocket alice = open(1, "alice");
    String task = alice.say("incident", "[[slow:20:40]]");
    JsonObject event =
        bob.awaitMessage(
            message -> "streaming".equals(message.getJsonObject("data").getString("status")));
    assertThat(event.getString("topic")).isEqualTo("agent:" + home);
    assertThat(event.getJsonObject("data").getString("task_id")).isEqualTo(task);
    assertThat(event.getJsonObject("data").getString("thread_id")).isEqualTo("incident");
    bob.awaitMessage(
        message -> "finished".equals(message.getJsonObject("data").getString("status")));
  }

  @Test
  void nothingOfOneTenantReachesAnother() throws Exception {
    String theirs = "tenant-" + UUID.randomUUID();
    ChatSocket stranger =
        ChatSocket.open(vertx, fleet.url(2), fleet.token(theirs, "mallory", "operator"));
    stranger.follow("incident", null);
    stranger.send("subscribe_agent", new JsonObject().put("agent_id", home));
    JsonObject refusal =
        stranger.awaitMessage(message -> message.getString("type").equals("error"));
    assertThat(refusal.getJsonObject("data").getString("code")).isEqualTo("NOT_FOUND");
    ChatSocket alice = open(1, "alice");
    String task = alice.say("incident", "private");
    alice.awaitEnd(task);
    assertThat(stranger.follow("incident", null).getJsonArray("messages")).isEmpty();
    // A message of its own comes last: whatever could have leaked would have come before it.
    String own = stranger.say("incident", "its own");
    stranger.awaitMessage(message -> message.getString("type").equals("thread_message"));
    assertThat(stranger.messages()).noneMatch(message -> message.encode().contains(task));
    assertThat(stranger.messages()).anyMatch(message -> message.encode().contains(own));
  }
}
