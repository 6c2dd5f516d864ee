package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.registry.drill.FakeInstance;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Three forked nodes with their stores, an instance, and people of a tenant: what a user sees.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoriesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Vertx vertx = Vertx.vertx();
  private FleetProcess fleet;
  private FakeInstance instance;
  private Desk desk;
  private String home;

  @BeforeAll
  void start() throws Exception {
    fleet = FleetProcess.up(FleetProcess.kept("stories"), 3);
  }

  @BeforeEach
  void openDesk() throws Exception {
    for (int node = 1; node <= 3; node++) {
      int each = node;
      await().atMost(LIMIT).until(() -> fleet.isReady(each));
    }
    instance = FakeInstance.start("a token of the instance");
    String tenant = "tenant-" + UUID.randomUUID();
    desk = new Desk(fleet, vertx, tenant);
    home = tenant + "-home";
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

  @Test
  void aTaskCreatedOnOneNodeIsSeenFromQueueToResultOnAnother() {
    EventTape tape = new EventTape();
    ControlClient watcher = desk.connect(2, tape);
    watcher.subscribe(List.of("tasks")).await();
    ControlClient author = desk.connect(3, _ -> {});

    JsonObject params = new JsonObject().put("prompt", "[[slow:8:40]]").put("priority", "high");
    JsonObject task = author.request("task.create", params, Desk.key()).await();
    String id = task.getString("id");

    await().atMost(LIMIT).until(() -> tape.changes(id).contains("succeeded"));
    List<String> changes = tape.changes(id);
    assertThat(changes).contains("output");
    // Pieces of text come from another node than these, and have no place among them.
    assertThat(changes.stream().filter(change -> !change.equals("output")))
        .containsExactly("queued", "running", "succeeded");
    JsonObject done = desk.awaitTask(1, id, "succeeded");
    assertThat(tape.output(id).strip())
        .isEqualTo(done.getJsonObject("result").getString("text").strip());
    watcher.close().await();
    author.close().await();
  }

  @Test
  void aRepeatedRequestIsAnsweredOnceForAllOnEveryNodeAndBothPrefixes() throws Exception {
    JsonObject body = new JsonObject().put("prompt", "once " + UUID.randomUUID());
    String key = Desk.key();
    HttpResponse<String> first = desk.post(1, "/api/v1/tasks", key, body);
    HttpResponse<String> again = desk.post(2, "/api/tasks", key, body);
    HttpResponse<String> other =
        desk.post(3, "/api/v1/tasks", key, new JsonObject().put("prompt", "something else"));

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(again.statusCode()).isEqualTo(201);
    assertThat(new JsonObject(again.body())).isEqualTo(new JsonObject(first.body()));
    assertThat(other.statusCode()).as(other.body()).isEqualTo(409);
    assertThat(new JsonObject(other.body()).getString("reason")).isEqualTo("IDEMPOTENCY_MISMATCH");

    // A socket is another carrier of the same command: same key, same request, same task.
    ControlClient socket = desk.connect(3, _ -> {});
    JsonObject replayed = socket.request("task.create", body, key).await();
    assertThat(replayed.getString("id")).isEqualTo(new JsonObject(first.body()).getString("id"));
    desk.awaitTask(1, replayed.getString("id"), "succeeded");
    assertThat(instance.executions(body.getString("prompt"))).isEqualTo(1);
    socket.close().await();
  }

  @Test
  void aBroadcastAtOneNodeIsAnAlertOnDashboardsOfAnother() throws Exception {
    BlockingQueue<JsonObject> messages = new LinkedBlockingQueue<>();
    WebSocket dashboard = desk.dashboard(2, messages::add);
    dashboard.writeTextMessage("{\"type\":\"subscribe\",\"subscriptions\":[\"alerts\"]}");
    await()
        .atMost(LIMIT)
        .until(() -> "subscription_updated".equals(messages.take().getString("type")));
    JsonObject notice =
        new JsonObject().put("message", "Moving at eight.").put("severity", "warning");
    HttpResponse<String> told =
        desk.post(1, "/api/dashboard/websocket/broadcast", Desk.key(), notice.put("system", true));
    assertThat(told.statusCode()).as(told.body()).isEqualTo(201);
    JsonObject alert = awaitType(messages, "critical_alert");
    assertThat(alert.getJsonObject("data").getString("message")).isEqualTo("Moving at eight.");
    assertThat(alert.getJsonObject("data").getString("id"))
        .isEqualTo(new JsonObject(told.body()).getString("id"));
    awaitType(messages, "system_update");
    dashboard.writeTextMessage("{\"type\":\"request_data\",\"data_type\":\"instance_status\"}");
    JsonObject data = awaitType(messages, "data_response").getJsonObject("data");
    assertThat(data.getJsonArray("items")).hasSize(1);
    dashboard.close().await();
  }

  private static JsonObject awaitType(BlockingQueue<JsonObject> messages, String type)
      throws InterruptedException {
    JsonObject message;
    do {
      message = messages.poll(LIMIT.toSeconds(), TimeUnit.SECONDS);
      assertThat(message).as(type).isNotNull();
    } while (!message.getString("type").equals(type));
    return message;
  }

  @Test
  void aClientOfAKilledNodeResumesElsewhereAndHasEveryDurableEventOnceInOrder() throws Exception {
    EventTape tape = new EventTape();
    // Both topics together are the tenant's whole log: the link of its instance may move as well.
    List<String> everything = List.of("tasks", "instances");
    ControlClient client = desk.connect(2, tape);
    JsonObject start = client.subscribe(everything).await().getJsonObject("position");
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      ids.add(desk.create(1 + i % 3, "[[slow:4:50]]"));
    }
    await().atMost(LIMIT).until(() -> tape.lastSeq() > start.getLong("seq"));
    fleet.kill(2);
    assertThat(client.closed().await()).isEqualTo(1006);
    // The killed node is started again in a while: until then the others take the requests.
    for (int i = 0; i < 20; i++) {
      ids.add(desk.create(i % 2 == 0 ? 1 : 3, "[[slow:4:50]]"));
    }
    ControlClient back = desk.connect(3, tape);
    back.subscribeSince(everything, start.getString("epoch"), tape.lastSeq()).await();
    await()
        .atMost(LIMIT)
        .until(() -> ids.stream().allMatch(id -> tape.changes(id).contains("succeeded")));
    long first = start.getLong("seq") + 1;
    assertThat(tape.seqs())
        .containsExactlyElementsOf(LongStream.rangeClosed(first, tape.lastSeq()).boxed().toList());
    back.close().await();
  }

  @Test
  void whoseNodeIsKilledHasLeftTheTenantAndTheWorkItemAndBothAreToldOnce() throws Exception {
    EventTape tape = new EventTape();
    ControlClient alice = desk.connect(1, tape);
    String project = "p-" + UUID.randomUUID();
    String item = "i-" + UUID.randomUUID();
    JsonObject named = new JsonObject().put("id", project).put("name", "Website");
    alice.request("project.create", named, Desk.key()).await();
    JsonObject titled = new JsonObject().put("id", item).put("projectId", project);
    alice
        .request(
            "work_item.create", titled.put("itemType", "task").put("title", "Fix it"), Desk.key())
        .await();
    alice.subscribe(List.of("presence", "item:" + item)).await();

    ControlClient bob = desk.connect(2, "bob", _ -> {});
    JsonObject views = new JsonObject().put("id", item).put("viewing", true);
    bob.request("work_item.attend", views, Desk.key()).await();
    await().until(() -> tape.of("presence", "bob", "online").size() == 1);
    await().until(() -> tape.of("work_item.presence", "bob", "online").size() == 1);

    fleet.kill(2);
    await().until(() -> !tape.of("presence", "bob", "offline").isEmpty());
    await().until(() -> !tape.of("work_item.presence", "bob", "offline").isEmpty());
    // Somebody comes afterwards: what was told twice would have come before that.
    ControlClient carol = desk.connect(3, "carol", _ -> {});
    carol.request("work_item.attend", views, Desk.key()).await();
    await().until(() -> tape.of("presence", "carol", "online").size() == 1);
    await().until(() -> tape.of("work_item.presence", "carol", "online").size() == 1);
    assertThat(tape.of("presence", "bob", "offline")).hasSize(1);
    assertThat(tape.of("work_item.presence", "bob", "offline")).hasSize(1);
    carol.close().await();
    alice.close().await();
  }

  @Test
  void tasksThatAKilledNodeLookedAfterFinishOnceEach() throws Exception {
    List<String> ids = new ArrayList<>();
    List<String> prompts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String prompt = "[[slow:40:100]] " + UUID.randomUUID();
      prompts.add(prompt);
      ids.add(desk.create(1 + i % 3, prompt));
    }
    for (String id : ids) {
      desk.awaitStarted(1, id);
    }
    fleet.kill(3);
    for (String id : ids) {
      JsonObject done = desk.awaitTask(1, id, "succeeded");
      assertThat(done.getJsonObject("result").getString("text")).contains("w0", "w39");
    }
    for (String prompt : prompts) {
      assertThat(instance.executions(prompt)).as(prompt).isEqualTo(1);
    }
  }

  @Test
  void aThreadThatIsReadWhileItsAgentSpeaksIsWholeAlsoWhenTheOwnerOfTheLinkDies() throws Exception {
    int owner = desk.owner(1, home);
    int other = owner == 1 ? 2 : 1;
    EventTape tape = new EventTape();
    ControlClient reader = desk.connect(other, tape);
    reader.subscribe(List.of("thread:chat")).await();
    String task = desk.say(other, "chat", "[[slow:260:100]]");
    await().atMost(LIMIT).until(() -> tape.output(task).contains("w5"));
    int before = tape.pieces(task).size();
    JsonObject live = desk.history(other, "chat").getJsonObject("live");
    assertThat(live.getString("text")).startsWith("w0 w1");
    assertThat(live.getBoolean("partial")).isFalse();

    fleet.kill(owner);
    await().atMost(LIMIT).ignoreExceptions().until(() -> desk.owner(other, home) != owner);
    int later = tape.pieces(task).size();
    JsonObject adopted =
        await()
            .atMost(LIMIT)
            .until(
                () -> desk.history(other, "chat").getJsonObject("live"),
                text -> !text.getBoolean("partial"));
    assertThat(adopted.getString("text")).startsWith(live.getString("text"));

    String said =
        desk.awaitTask(other, task, "succeeded").getJsonObject("result").getString("text");
    await().atMost(LIMIT).until(() -> tape.changes(task).contains("succeeded"));
    assertThat(said).startsWith("w0 ").endsWith(" w259");
    assertThat(tape.output(task)).isEqualTo(said);
    assertThat(tape.output(task, live, before)).isEqualTo(said);
    assertThat(tape.output(task, adopted, later)).isEqualTo(said);
    assertThat(desk.history(other, "chat").getJsonArray("messages"))
        .hasSize(2)
        .anySatisfy(
            message -> assertThat(((JsonObject) message).getString("text")).isEqualTo(said));
    reader.close().await();
  }

  @Test
  void anInstanceThatGoesAwayIsShownAsDownAndTakenBackWhenItReturns() throws Exception {
    String id =
        new JsonObject(desk.get(1, "/api/v1/registry/instances").body())
            .getJsonArray("items")
            .getJsonObject(0)
            .getString("id");
    instance.kill();
    desk.awaitState(2, id, "down");
    String task = desk.create(1, "waits for the instance");
    await().atMost(LIMIT).until(() -> desk.task(3, task).getString("waitReason") != null);
    instance.boot();
    desk.awaitState(3, id, "ready");
    desk.awaitTask(2, task, "succeeded");
  }

  @Test
  void nothingOfOneTenantReachesAnother() throws Exception {
    Desk other = new Desk(fleet, vertx, "tenant-" + UUID.randomUUID());
    EventTape tape = new EventTape();
    ControlClient stranger = other.connect(1, tape);
    stranger.subscribe(List.of("tasks", "instances")).await();

    String id = desk.create(1, "private");
    desk.awaitTask(1, id, "succeeded");
    String epoch = stranger.hello().getJsonObject("position").getString("epoch");
    stranger.subscribeSince(List.of("task:" + id), epoch, 0).await();

    HttpResponse<String> foreign = other.get(2, "/api/v1/tasks/" + id);
    assertThat(foreign.statusCode()).as(foreign.body()).isEqualTo(404);
    assertThat(new JsonObject(other.get(3, "/api/v1/tasks").body()).getJsonArray("items"))
        .isEmpty();
    assertThat(
            new JsonObject(other.get(1, "/api/v1/registry/instances").body()).getJsonArray("items"))
        .isEmpty();
    assertThatThrownBy(
            () ->
                stranger.request("task.cancel", new JsonObject().put("id", id), Desk.key()).await())
        .hasMessageContaining("NOT_FOUND");
    // A task of its own comes last: whatever could have leaked would have come before it.
    String own = other.create(2, "its own");
    await().atMost(LIMIT).until(() -> tape.changes(own).contains("queued"));
    assertThat(tape.frames()).noneMatch(frame -> frame.encode().contains(id));
    stranger.close().await();
  }
}
