package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.Chat;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.ScriptedThread;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatThreadIT {
  private static final String ID = ScriptedThread.ID;
  private static final String OTHER = "incident-43";
  private static final int LARGE = 60_000;
  private static final Duration SOON = Duration.ofMillis(5);

  private Gateways gateways;
  private Gateways.Running second;

  /// Each test has a tenant of its own: pieces of text come late without anybody waiting for them.
  private TenantId acme;

  private ScriptedThread thread;

  @BeforeAll
  void start() {
    gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_GATEWAY_HEAD_INTERVAL", "100ms",
                "FLOTILLA_GATEWAY_MAX_QUEUED_BYTES", "400000",
                "FLOTILLA_DIALECTS_CHAT_MAX_SUBSCRIPTIONS", "3"));
    second = gateways.another("node-2");
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    script();
  }

  private void script() {
    thread = ScriptedThread.of(gateways, acme);
    gateways
        .commands()
        .answer(
            CommandKind.TASK_CREATE,
            _ -> Future.succeededFuture(RawJson.of(ScriptedThread.task(ID))));
  }

  private long head() {
    return gateways.log().head(acme).await().seq();
  }

  private JsonObject since(String threadId, long seq) {
    String epoch = gateways.log().head(acme).await().epoch();
    return about(threadId).put("since", new JsonObject().put("epoch", epoch).put("seq", seq));
  }

  private static JsonObject about(String threadId) {
    return new JsonObject().put("thread_id", threadId);
  }

  private static long seq(JsonObject message) {
    return message.getJsonObject("data").getJsonObject("position").getLong("seq");
  }

  @Test
  void historyComesFirstAndThenWhatHappens() {
    Chat chat = Chat.open(gateways, acme);
    JsonObject history = chat.follow(ID);
    assertThat(history.getString("thread_id")).isEqualTo(ID);
    assertThat(history.getJsonArray("messages")).isEmpty();
    assertThat(history.containsKey("live")).isFalse();

    long queued = thread.queued("Which disk?", "team:ops", "req:abc");
    thread.running("req:abc");
    thread.says(0, "The ");
    thread.says(4, "one.");
    JsonObject said = chat.next("thread_message");
    assertThat(said.getString("topic")).isEqualTo("thread:" + ID);
    assertThat(said.getString("req_id")).isEqualTo("abc");
    assertThat(seq(said)).isEqualTo(queued);
    assertThat(said.getJsonObject("data").getJsonObject("message").getString("text"))
        .isEqualTo("Which disk?");
    JsonObject start = chat.next("stream_start");
    assertThat(start.getString("req_id")).isEqualTo("abc");
    assertThat(start.getJsonObject("data").getString("agent_id")).isEqualTo("eu-1");
    assertThat(chat.nextData("stream_chunk").getString("text")).isEqualTo("The ");
    assertThat(chat.nextData("stream_chunk").getInteger("index")).isEqualTo(4);
    thread.succeeded("The one.", "req:abc");
    JsonObject end = chat.next("stream_end");
    assertThat(end.getString("req_id")).isEqualTo("abc");
    assertThat(end.getJsonObject("data").getString("status")).isEqualTo("succeeded");
    assertThat(end.getJsonObject("data").getString("text")).isEqualTo("The one.");
  }

  @Test
  void aTaskThatEndsWithoutAnAnswerSaysWhy() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    thread.running();
    thread.retrying();
    thread.cancelled();
    chat.next("stream_start");
    assertThat(chat.nextData("stream_end").getString("status")).isEqualTo("retrying");
    JsonObject end = chat.nextData("stream_end");
    assertThat(end.getString("status")).isEqualTo("cancelled");
    assertThat(end.getJsonObject("error").getString("message")).isEqualTo("Cancelled by alice.");
    assertThat(end.containsKey("text")).isFalse();
  }

  @Test
  void whoJoinsInTheMiddleHasTheWholeTextOnce() {
    Chat before = Chat.open(gateways, acme);
    before.follow(ID);
    thread.running();
    before.next("stream_start");
    Promise<Void> release = Promise.promise();
    gateways
        .commands()
        .answer(
            CommandKind.THREAD_HISTORY,
            request -> release.future().compose(_ -> thread.history(request)));
    Chat chat = Chat.open(gateways, acme);
    String reqId = chat.send("subscribe_thread", about(ID));
    await().until(() -> gateways.commands().asked(acme, CommandKind.THREAD_HISTORY).size() == 2);
    thread.live("one two ");
    thread.says(0, "one ");
    thread.says(4, "two ");
    thread.says(8, "three ");
    for (int i = 0; i < 3; i++) {
      before.next("stream_chunk");
    }
    release.complete();
    JsonObject history = chat.next("thread_history");
    assertThat(history.getString("req_id")).isEqualTo(reqId);
    JsonObject live = history.getJsonObject("data").getJsonObject("live");
    assertThat(live.getString("text")).isEqualTo("one two ");
    assertThat(live.getInteger("next_index")).isEqualTo(8);
    assertThat(chat.nextData("stream_chunk").getString("text")).isEqualTo("three ");
    thread.says(14, "four");
    assertThat(chat.nextData("stream_chunk").getString("text")).isEqualTo("four");
    thread.succeeded("one two three four");
    chat.next("stream_end");
  }

  @Test
  void aPieceThatTheBusHasLostIsMadeGood() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    thread.running();
    thread.says(0, "one ");
    chat.next("stream_start");
    chat.next("stream_chunk");
    thread.live("one two three ");
    thread.says(8, "three ");
    JsonObject whole = chat.nextData("stream_chunk");
    assertThat(whole.getInteger("index")).isZero();
    assertThat(whole.getString("text")).isEqualTo("one two three ");
    thread.says(14, "four");
    assertThat(chat.nextData("stream_chunk").getString("text")).isEqualTo("four");
    thread.succeeded("one two three four");
    chat.next("stream_end");
  }

  @Test
  void aReaderThatWasTooSlowForAPieceGetsItWithTheRest() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    thread.running();
    chat.next("stream_start");
    String filler = "x".repeat(LARGE);
    chat.client().socket().pause();
    double before = dropped();
    AtomicInteger fillers = new AtomicInteger();
    await()
        .pollInterval(SOON)
        .until(
            () -> {
              thread.says(0, filler);
              fillers.incrementAndGet();
              return dropped() > before;
            });
    // More than all of those: the piece itself has been dropped.
    await()
        .pollInterval(SOON)
        .until(
            () -> {
              thread.says(LARGE, "lost ");
              return dropped() > before + fillers.get();
            });
    thread.live(filler + "lost found");
    chat.client().socket().resume();
    await()
        .until(
            () -> {
              thread.says(LARGE + 5, "found");
              return chat.client().drain().stream()
                  .map(message -> message.getJsonObject("data"))
                  .anyMatch(data -> (filler + "lost found").equals(data.getString("text")));
            });
    assertThat(chat.client().isOpen()).isTrue();
    thread.cancelled();
  }

  /// Pieces that the sockets of this dialect had no room for.
  private double dropped() {
    return gateways
        .meters()
        .get("flotilla.events.delivered")
        .tags("dialect", "chat", "class", "dropped")
        .functionCounter()
        .count();
  }

  @Test
  void whoComesBackElsewhereHasEveryEventOnceAndThenTheTextSoFar() {
    long start = head();
    long queued = thread.queued("Which disk?");
    long running = thread.running();
    thread.live("The one of ");
    Chat chat = Chat.open(gateways, second.port(), gateways.token(acme));
    String reqId = chat.send("subscribe_thread", since(ID, start));
    assertThat(seq(chat.next("thread_message"))).isEqualTo(queued);
    assertThat(seq(chat.next("stream_start"))).isEqualTo(running);
    JsonObject history = chat.next("thread_history");
    assertThat(history.getString("req_id")).isEqualTo(reqId);
    assertThat(seq(history)).isEqualTo(running);
    assertThat(history.getJsonObject("data").getJsonObject("live").getString("text"))
        .isEqualTo("The one of ");
    thread.says(11, "the database.");
    assertThat(chat.nextData("stream_chunk").getInteger("index")).isEqualTo(11);
    long ended = thread.succeeded("The one of the database.");
    assertThat(seq(chat.next("stream_end"))).isEqualTo(ended);
  }

  @Test
  void eachThreadGoesOnFromAPositionOfItsOwn() {
    ScriptedThread other = thread.another(OTHER);
    long start = head();
    long first = thread.queued("one");
    long otherFirst = other.queued("one");
    long last = thread.running();
    long otherLast = other.running();
    Chat chat = Chat.open(gateways, acme);
    chat.send("subscribe_thread", since(ID, first));
    chat.send("subscribe_thread", since(OTHER, start));
    List<Long> seqs = new CopyOnWriteArrayList<>();
    int histories = 0;
    while (histories < 2) {
      JsonObject message = chat.client().next();
      if (message.getString("type").equals("thread_history")) {
        histories++;
      } else {
        seqs.add(seq(message));
      }
    }
    assertThat(seqs).containsExactlyInAnyOrder(last, otherFirst, otherLast);

    Chat reversed = Chat.open(gateways, acme);
    reversed.send("subscribe_thread", since(ID, start));
    reversed.send("subscribe_thread", since(OTHER, otherFirst));
    assertThat(
            List.of(
                seq(reversed.client().await(ChatThreadIT::isEvent)),
                seq(reversed.client().await(ChatThreadIT::isEvent)),
                seq(reversed.client().await(ChatThreadIT::isEvent))))
        .containsExactly(first, last, otherLast);
    thread.cancelled();
    other.cancelled();
  }

  private static boolean isEvent(JsonObject message) {
    return List.of("thread_message", "stream_start").contains(message.getString("type"));
  }

  @Test
  void aPositionOfAnotherLogIsAGap() {
    thread.queued("before");
    Chat chat = Chat.open(gateways, acme);
    JsonObject another = new JsonObject().put("epoch", "another").put("seq", 1);
    chat.send("subscribe_thread", about(ID).put("since", another));
    assertThat(chat.nextData("gap").getString("reason")).isEqualTo("epoch_changed");
    chat.next("thread_history");
    chat.send("subscribe_thread", since(OTHER, 1_000_000));
    assertThat(chat.nextData("gap").getString("reason")).isEqualTo("ahead_of_head");
    chat.next("thread_history");
    thread.another(OTHER).queued("after");
    chat.next("thread_message");
  }

  @Test
  void aThreadThatCannotBeReadIsNotFollowed() {
    gateways
        .commands()
        .answer(
            CommandKind.THREAD_HISTORY,
            _ -> Future.failedFuture(Fault.notFound("thread", ID).asException()));
    Chat chat = Chat.open(gateways, acme);
    JsonObject refusal = chat.ask("subscribe_thread", about(ID));
    assertThat(refusal.getJsonObject("data").getString("reason")).isEqualTo("NOT_FOUND");
    thread.queued("nobody hears it");
    script();
    chat.follow(ID);
  }

  @Test
  void whatIsNotFollowedAnyMoreIsSilent() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    JsonObject answer = chat.ask("unsubscribe_thread", about(ID));
    assertThat(answer.getString("type")).isEqualTo("unsubscribed");
    assertThat(answer.getJsonObject("data").getString("topic")).isEqualTo("thread:" + ID);
    thread.queued("nobody hears it");
    chat.follow(ID);
  }

  @Test
  void aSessionFollowsSoManyTopicsAndNoMore() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow("a");
    chat.follow("b");
    chat.follow("c");
    JsonObject refusal = chat.ask("subscribe_thread", about("d"));
    assertThat(refusal.getString("type")).isEqualTo("error");
    assertThat(refusal.getJsonObject("data").getString("reason")).isEqualTo("SUBSCRIPTION_LIMIT");
    assertThat(chat.ask("send_message", about("d").put("text", "?")).getString("type"))
        .isEqualTo("error");
    assertThat(gateways.commands().asked(acme, CommandKind.TASK_CREATE)).isEmpty();
    chat.follow("a");
  }

  @Test
  void aMessageBecomesATaskOfTheThreadUnderItsRequestId() {
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    String reqId = chat.say(ID, "Which disk?");
    JsonObject accepted = chat.next("message_accepted");
    assertThat(accepted.getString("req_id")).isEqualTo(reqId);
    assertThat(accepted.getJsonObject("data").getString("task_id"))
        .isEqualTo(ScriptedThread.TASK.value());
    CommandRequest asked = gateways.commands().asked(acme, CommandKind.TASK_CREATE).getFirst();
    assertThat(asked.idempotencyKey()).isEqualTo(reqId);
    assertThat(asked.principal().tenant()).isEqualTo(acme);
    assertThat(new JsonObject(asked.params().text()))
        .isEqualTo(
            new JsonObject()
                .put("prompt", "Which disk?")
                .put("session", ID)
                .put("labels", new JsonArray().add("req:" + reqId)));
  }

  @Test
  void whoSpeaksInAThreadFollowsIt() {
    Chat chat = Chat.open(gateways, acme);
    chat.client().send(Chat.message("send_message", null, about(ID).put("text", "Anybody?")));
    assertThat(chat.next("message_accepted").containsKey("req_id")).isFalse();
    assertThat(gateways.commands().asked(acme, CommandKind.TASK_CREATE).getFirst().idempotencyKey())
        .isNotBlank();
    thread.running();
    chat.next("stream_start");
    thread.cancelled();
    chat.next("stream_end");
  }

  @Test
  void anAbortIsTheCommandUnderItsRequestIdAndFollowersHearTheEnd() {
    gateways
        .commands()
        .answer(
            CommandKind.THREAD_ABORT,
            _ -> Future.succeededFuture(RawJson.of(ScriptedThread.task(ID))));
    Chat chat = Chat.open(gateways, acme);
    chat.follow(ID);
    thread.running();
    chat.next("stream_start");
    JsonObject aborted = chat.ask("abort_message", about(ID));
    assertThat(aborted.getString("type")).isEqualTo("message_aborted");
    assertThat(aborted.getJsonObject("data").getString("task_id"))
        .isEqualTo(ScriptedThread.TASK.value());
    CommandRequest asked = gateways.commands().asked(acme, CommandKind.THREAD_ABORT).getFirst();
    assertThat(asked.idempotencyKey()).isEqualTo(aborted.getString("req_id"));
    assertThat(new JsonObject(asked.params().text())).isEqualTo(new JsonObject().put("thread", ID));
    thread.cancelled();
    assertThat(chat.nextData("stream_end").getString("status")).isEqualTo("cancelled");
  }

  @Test
  void whoAsksAgainBeforeTheHistoryCameIsAnsweredTwice() {
    Chat chat = Chat.open(gateways, acme);
    Promise<RawJson> history = Promise.promise();
    gateways.commands().answer(CommandKind.THREAD_HISTORY, _ -> history.future());
    String first = chat.send("subscribe_thread", about(ID));
    String second = chat.send("subscribe_thread", about(ID));
    JsonObject overtaken = chat.next("error");
    assertThat(overtaken.getString("req_id")).isEqualTo(first);
    assertThat(overtaken.getJsonObject("data").getString("reason")).isEqualTo("WRONG_STATE");
    history.complete(RawJson.of(new ThreadHistory(ID, List.of(), null, null, null)));
    assertThat(chat.next("thread_history").getString("req_id")).isEqualTo(second);
  }

  @Test
  void whoMayOnlyReadAbortsNothing() {
    Chat reader = Chat.open(gateways, acme, Role.VIEWER);
    assertThat(reader.ask("abort_message", about(ID)).getJsonObject("data").getString("code"))
        .isEqualTo("AUTHORIZATION_FAILED");
    assertThat(gateways.commands().asked(acme, CommandKind.THREAD_ABORT)).isEmpty();
  }

  @Test
  void aMessageThatIsRefusedIsAnsweredAndTheSessionGoesOn() {
    Chat reader = Chat.open(gateways, acme, Role.VIEWER);
    reader.follow(ID);
    String reqId = reader.say(ID, "May I?");
    JsonObject refusal = reader.next("error");
    assertThat(refusal.getString("req_id")).isEqualTo(reqId);
    assertThat(refusal.getJsonObject("data").getString("code")).isEqualTo("AUTHORIZATION_FAILED");
    assertThat(gateways.commands().asked(acme, CommandKind.TASK_CREATE)).isEmpty();

    gateways
        .commands()
        .answer(
            CommandKind.TASK_CREATE,
            _ -> Future.failedFuture(Fault.of(Reason.IDEMPOTENCY_MISMATCH, "Used.").asException()));
    Chat writer = Chat.open(gateways, acme);
    JsonObject used = writer.ask("send_message", about(ID).put("text", "Again"));
    assertThat(used.getJsonObject("data").getString("reason")).isEqualTo("IDEMPOTENCY_MISMATCH");
    writer.follow(ID);
  }

  @Test
  void nothingOfOneTenantReachesAnother() {
    TenantId globex = gateways.tenant("globex");
    Chat stranger = Chat.open(gateways, globex);
    thread.live("secret");
    assertThat(stranger.follow(ID).containsKey("live")).isFalse();
    thread.queued("secret");
    thread.running();
    thread.says(0, "secret");
    thread.succeeded("secret");
    ScriptedThread own = ScriptedThread.of(gateways, globex);
    own.queued("its own");
    assertThat(stranger.nextData("thread_message").getJsonObject("message").getString("text"))
        .isEqualTo("its own");
  }
}
