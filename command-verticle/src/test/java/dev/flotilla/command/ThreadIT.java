package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.TASK_CANCEL;
import static dev.flotilla.contract.CommandKind.THREAD_HISTORY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.LiveText;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.Result.ThreadHistory;
import dev.flotilla.contract.Result.ThreadMessage;
import dev.flotilla.contract.TaskState;
import dev.flotilla.contract.Topic;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.dispatch.RunText;
import dev.flotilla.dispatch.RunTextAsk;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.log.Event;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.Head;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThreadIT {
  private static final Principal MALLORY = principal("evil", "mallory", Role.ADMIN);

  private final CommandFleet fleet = CommandFleet.of("n1");

  @AfterEach
  void close() {
    fleet.close();
  }

  private TaskView say(String prompt, String... labels) {
    return fleet.create(
        ALICE, Map.of("prompt", prompt, "session", "chat-7", "labels", List.of(labels)));
  }

  private ThreadHistory read(Principal who, @Nullable Integer limit, @Nullable String before) {
    Map<String, Object> params = new HashMap<>(Map.of("thread", "chat-7"));
    if (limit != null) {
      params.put("limit", limit);
    }
    if (before != null) {
      params.put("before", before);
    }
    return fleet.ask(who, THREAD_HISTORY, params, null, ThreadHistory.class);
  }

  private ThreadHistory read() {
    return read(ALICE, null, null);
  }

  private TaskView answered(String prompt, String answer) {
    TaskView task = say(prompt);
    fleet.awaitStarted(prompt);
    end(task, new RunState.Succeeded(new TaskOutcome(answer, 5L, null, null, null)));
    return fleet.awaitState(task.id(), TaskState.SUCCEEDED);
  }

  private void end(TaskView task, RunState state) {
    fleet.registry.end(task.id() + ".1", state);
  }

  private static List<String> lines(ThreadHistory history) {
    return history.messages().stream().map(ThreadIT::line).toList();
  }

  private static String line(ThreadMessage message) {
    TaskError error = message.error();
    return message.role().wireName()
        + ": "
        + (error == null ? message.text() : "! " + error.reason());
  }

  @Test
  void aThreadIsItsPromptsAndWhatCameOfThemInOrder() {
    answered("first", "one");
    TaskView failing = say("second", "req:17");
    fleet.awaitStarted("second");
    end(failing, new RunState.Failed("NO_MODEL", "no model", false));
    fleet.awaitState(failing.id(), TaskState.FAILED);
    fleet.create(ALICE, Map.of("prompt", "elsewhere", "session", "chat-8"));
    fleet.create("alone");
    ThreadHistory history = read();
    assertThat(lines(history))
        .containsExactly("user: first", "assistant: one", "user: second", "assistant: ! NO_MODEL");
    assertThat(history.before()).isNull();
    assertThat(history.live()).isNull();
    ThreadMessage prompt = history.messages().get(2);
    assertThat(prompt.author()).isEqualTo("alice");
    assertThat(prompt.taskId()).isEqualTo(failing.id());
    assertThat(prompt.labels()).containsExactly("req:17");
    assertThat(prompt.at()).isEqualTo(failing.createdAt());
    ThreadMessage answer = history.messages().get(1);
    assertThat(answer.author()).isNull();
    assertThat(answer.instance()).isEqualTo(ScriptedRegistry.INSTANCE);
    assertThat(answer.at()).isAfterOrEqualTo(history.messages().get(0).at());
  }

  @Test
  void whatWaitsIsAQuestionWithoutAnAnswer() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE");
    TaskView task = say("anybody there?");
    assertThat(lines(read())).containsExactly("user: anybody there?");
    fleet.ask(ALICE, TASK_CANCEL, Map.of("id", task.id()), "k", TaskView.class);
    assertThat(lines(read())).containsExactly("user: anybody there?", "assistant: ! CANCELLED");
  }

  @Test
  void theTextOfARunningTaskIsWhatTheOwnerOfItsLinkHasHeard() {
    List<RunTextAsk> asked = new CopyOnWriteArrayList<>();
    fleet.registry.text =
        ask -> {
          asked.add(ask);
          return Future.succeededFuture(new RunText(1, "so far", 6, false));
        };
    TaskView task = say("tell me");
    fleet.awaitStarted("tell me");
    LiveText whole = new LiveText(task.id(), 1, "so far", 6, false);
    await().untilAsserted(() -> assertThat(read().live()).isEqualTo(whole));
    assertThat(asked.getFirst().runId()).isEqualTo(task.id() + ".1");
    assertThat(fleet.registry.orders.peek())
        .satisfies(
            order -> {
              assertThat(order.session()).isEqualTo("chat-7");
              assertThat(order.sessionKey()).isEqualTo(asked.getFirst().sessionKey());
            });
  }

  @Test
  void whereNobodyKnowsTheTextTheAnswerSaysSo() {
    TaskView task = say("tell me");
    fleet.awaitStarted("tell me");
    fleet.registry.text = _ -> Promise.<RunText>promise().future();
    assertThat(read().live()).isEqualTo(new LiveText(task.id(), 1, "", 0, true));
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("no node");
    assertThat(read().live()).isEqualTo(new LiveText(task.id(), 1, "", 0, true));
  }

  @Test
  void aTaskThatEndsWhileItsTextIsAskedForIsNotToldTwice() {
    TaskView task = say("quick");
    fleet.awaitStarted("quick");
    Promise<RunText> said = Promise.promise();
    CompletableFuture<RunTextAsk> asked = new CompletableFuture<>();
    fleet.registry.text =
        ask -> {
          asked.complete(ask);
          return said.future();
        };
    CompletableFuture<ThreadHistory> reading = CompletableFuture.supplyAsync(this::read);
    await().until(asked::isDone);
    fleet.registry.succeed(task.id() + ".1");
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    said.complete(new RunText(1, "do", 2, false));
    ThreadHistory history = reading.join();
    assertThat(lines(history)).containsExactly("user: quick", "assistant: done");
    assertThat(history.live()).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 200})
  void pagesHaveEveryMessageOnce(int limit) {
    for (int i = 0; i < 3; i++) {
      answered("q" + i, "a" + i);
    }
    say("q3");
    fleet.awaitStarted("q3");
    List<String> all = new ArrayList<>();
    String before = null;
    do {
      ThreadHistory page = read(ALICE, limit, before);
      assertThat(page.messages()).hasSizeBetween(1, limit);
      assertThat(page.live() == null).isEqualTo(before != null);
      all.addAll(0, lines(page));
      before = page.before();
    } while (before != null);
    assertThat(all)
        .containsExactly(
            "user: q0",
            "assistant: a0",
            "user: q1",
            "assistant: a1",
            "user: q2",
            "assistant: a2",
            "user: q3");
  }

  @Test
  void aPageOfLongTextsEndsEarly() {
    answered("first", "x".repeat(200_000));
    answered("second", "y".repeat(200_000));
    ThreadHistory page = read();
    assertThat(page.messages()).hasSize(2);
    assertThat(lines(read(ALICE, null, page.before())).getFirst()).isEqualTo("user: first");
  }

  @Test
  void anotherTenantsThreadOfTheSameNameIsAnother() {
    say("secret");
    fleet.registry.text = _ -> Future.succeededFuture(new RunText(1, "secret", 6, false));
    fleet.awaitStarted("secret");
    assertThat(read(MALLORY, null, null))
        .isEqualTo(new ThreadHistory("chat-7", List.of(), null, null, null));
  }

  @Test
  void theHistorySaysUpToWhichEventItTells() {
    answered("first", "one");
    EventLog log = fleet.log;
    assertThat(read().position()).isEqualTo(position(log.head(ALICE.tenant()).await()));
    TaskView elsewhere = fleet.create(ALICE, Map.of("prompt", "elsewhere", "session", "chat-8"));
    fleet.awaitStarted("elsewhere");
    end(elsewhere, new RunState.Succeeded(new TaskOutcome("done", 5L, null, null, null)));
    fleet.awaitState(elsewhere.id(), TaskState.SUCCEEDED);
    assertThat(read().position()).isEqualTo(position(log.head(ALICE.tenant()).await()));
    Map<String, Object> unknown = Map.of("thread", "nobody-has-begun-it");
    assertThat(fleet.ask(ALICE, THREAD_HISTORY, unknown, null, ThreadHistory.class).position())
        .isEqualTo(position(log.head(ALICE.tenant()).await()));
  }

  private static LogPosition position(Head head) {
    return new LogPosition(head.epoch(), head.seq());
  }

  @Test
  void whatIsSaidInAThreadIsToldAsItIsSaid() {
    say("to everybody in the thread");
    fleet.create("to nobody");
    List<String> told =
        fleet.log.read(ALICE.tenant(), 0, Long.MAX_VALUE, 100).await().stream()
            .map(Event::fact)
            .map(Fact.TaskChanged.class::cast)
            .map(changed -> changed.task().prompt())
            .filter(Objects::nonNull)
            .toList();
    assertThat(told).containsExactly("to everybody in the thread");
  }

  @Test
  void readingAThreadTakesItsScope() {
    Principal writer =
        new Principal(
            ALICE.tenant(),
            ALICE.user(),
            Set.of(),
            Set.of(Scope.TASKS_READ, Scope.TASKS_WRITE, Scope.THREADS_WRITE),
            ALICE.expiresAt());
    assertThat(fleet.refused(writer, THREAD_HISTORY, Map.of("thread", "chat-7"), null).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(
            fleet
                .refused(
                    ALICE, THREAD_HISTORY, Map.of("thread", "chat-7", "before", "nonsense"), null)
                .field())
        .isEqualTo("before");
  }

  @Test
  void everyEventOfATaskOfTheThreadIsOnItsTopic() {
    TaskView task = answered("first", "one");
    fleet.create("alone");
    List<Event> events = fleet.log.read(ALICE.tenant(), 0, Long.MAX_VALUE, 100).await();
    Topic topic = Topic.parse("thread:chat-7");
    assertThat(events)
        .allSatisfy(
            event ->
                assertThat(event.topics().contains(topic))
                    .isEqualTo(event.topics().contains(Topic.task(task.id()))));
    assertThat(events).anySatisfy(event -> assertThat(event.topics()).contains(topic));
  }
}
