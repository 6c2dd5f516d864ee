package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.QueueResult.AttemptView;
import dev.flotilla.contract.QueueResult.TaskAttempts;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.TaskId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LifeCycleIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aTaskForLaterIsScheduledUntilItsTimeHasCome() {
    TaskView task = fleet.create(ALICE, Map.of("prompt", "later", "delayMs", 1200));
    assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
    assertThat(task.runAt()).isAfter(task.createdAt());
    fleet.awaitStarted("later");
    assertThat(fleet.get(task.id()).startedAt()).isAfterOrEqualTo(task.runAt());
    assertThat(fleet.history(task.id())).startsWith("scheduled#0").contains("running#1");
  }

  @Test
  void aTaskThatHasNotStartedByItsDeadlineExpires() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE: none");
    TaskView task =
        fleet.create(ALICE, Map.of("prompt", "late", "deadline", soon(Duration.ofSeconds(3))));
    TaskView expired = fleet.awaitState(task.id(), TaskState.EXPIRED);
    assertThat(expired.error()).extracting(TaskError::reason).isEqualTo("EXPIRED");
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "expired#0");
    fleet.registry.route = _ -> ScriptedRegistry.slots(10);
    TaskView again =
        fleet.ask(
            ALICE, CommandKind.TASK_RETRY, Map.of("id", task.id().value()), "r", TaskView.class);
    assertThat(again.deadline()).isNull();
    fleet.awaitState(task.id(), TaskState.RUNNING);
  }

  @Test
  void aRunThatGoesOnPastTheDeadlineIsStopped() {
    TaskView task =
        fleet.create(ALICE, Map.of("prompt", "slow", "deadline", soon(Duration.ofSeconds(8))));
    fleet.awaitStarted("slow");
    fleet.awaitState(task.id(), TaskState.EXPIRED);
    assertThat(fleet.registry.cancels).isNotEmpty();
    assertThat(attempts(task.id()))
        .extracting(AttemptView::outcome)
        .containsExactly(AttemptOutcome.ABORTED);
  }

  @Test
  void anErrorThatTheTaskCallsFinalIsNotTriedAgain() {
    fleet.registry.begin = _ -> new RunState.Failed("BAD_INPUT", "no", true);
    TaskView task =
        fleet.create(
            ALICE, Map.of("prompt", "picky", "retry", Map.of("finalErrors", List.of("BAD_INPUT"))));
    fleet.awaitState(task.id(), TaskState.FAILED);
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "running#1", "failed#1");
  }

  @Test
  void theWaitBetweenAttemptsIsTheTasksOwn() {
    fleet.registry.begin = _ -> new RunState.Failed("BOOM", "no", true);
    TaskView task =
        fleet.create(
            ALICE,
            Map.of(
                "prompt",
                "patient",
                "retry",
                Map.of("delayMs", 86_400_000, "maxDelayMs", 86_400_000)));
    TaskView retrying = fleet.awaitState(task.id(), TaskState.RETRYING);
    // Drawn between nothing and a day: the chance of less than a minute is one in 1,440.
    assertThat(retrying.runAt()).isAfter(retrying.createdAt());
  }

  @Test
  void everyAttemptIsKeptWithWhatItCost() {
    fleet.registry.begin =
        order ->
            order.attempt() == 1
                ? new RunState.Failed("BOOM", "it broke", true)
                : new RunState.Going();
    TaskView task = fleet.create("twice");
    await().until(() -> fleet.registry.orders(task.id() + ".2").size() > 0);
    fleet.registry.end(
        task.id() + ".2", new RunState.Succeeded(new TaskOutcome("done", 7L, 11L, 13L, 0.5)));
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    List<AttemptView> attempts = attempts(task.id());
    assertThat(attempts)
        .extracting(AttemptView::number, AttemptView::runId, AttemptView::outcome)
        .containsExactly(
            tuple(1, task.id() + ".1", AttemptOutcome.FAILED),
            tuple(2, task.id() + ".2", AttemptOutcome.SUCCEEDED));
    assertThat(attempts.getFirst().error()).isEqualTo(new TaskError("BOOM", "it broke"));
    assertThat(attempts.getLast().outputTokens()).isEqualTo(13L);
    assertThat(attempts.getLast().costUsd()).isEqualTo(0.5);
    assertThat(attempts).allMatch(attempt -> attempt.instance().equals(ScriptedRegistry.INSTANCE));
  }

  @Test
  void anAttemptWhoseNodeStoppedIsKeptAsHandedOver() {
    TaskView task = fleet.create("moving");
    fleet.awaitStarted("moving");
    String holder = String.valueOf(attempts(task.id()).getFirst().node());
    fleet.stop(holder);
    await().until(() -> attempts(task.id()).size() == 2);
    fleet.registry.succeed(task.id() + ".1");
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(attempts(task.id()))
        .extracting(AttemptView::outcome)
        .containsExactly(AttemptOutcome.HANDED_OVER, AttemptOutcome.SUCCEEDED);
    assertThat(attempts(task.id())).allMatch(attempt -> attempt.runId().equals(task.id() + ".1"));
  }

  @Test
  void whoWaitsForATaskHearsOfItsEnd() {
    TaskView task = fleet.create("awaited");
    fleet.awaitStarted("awaited");
    Map<String, Object> wait = Map.of("id", task.id().value(), "timeoutMs", 60_000);
    Thread.startVirtualThread(() -> fleet.registry.succeed(task.id() + ".1"));
    TaskView ended = fleet.ask(ALICE, CommandKind.TASK_WAIT, wait, null, TaskView.class);
    assertThat(ended.state()).isEqualTo(TaskState.SUCCEEDED);
    Map<String, Object> glance = Map.of("id", task.id().value(), "timeoutMs", 0);
    assertThat(fleet.ask(ALICE, CommandKind.TASK_WAIT, glance, null, TaskView.class).state())
        .isEqualTo(TaskState.SUCCEEDED);
  }

  @Test
  void whoWaitsTooLongHearsHowItIs() {
    TaskView task = fleet.create("endless");
    fleet.awaitStarted("endless");
    Map<String, Object> wait = Map.of("id", task.id().value(), "timeoutMs", 300);
    assertThat(fleet.ask(ALICE, CommandKind.TASK_WAIT, wait, null, TaskView.class).state())
        .isEqualTo(TaskState.RUNNING);
  }

  private long soon(Duration time) {
    return fleet.clock.instant().plus(time).toEpochMilli();
  }

  private List<AttemptView> attempts(TaskId id) {
    return fleet
        .ask(ALICE, CommandKind.TASK_ATTEMPTS, Map.of("id", id.value()), null, TaskAttempts.class)
        .items();
  }
}
