package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.telemetry.MeterNames;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TaskFlowIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aTaskRunsToItsResultWithAnEventForEveryStep() {
    TaskView task = fleet.create("hello");
    assertThat(task.state()).isEqualTo(TaskState.PENDING);
    fleet.awaitStarted("hello");
    assertThat(fleet.registry.orders.peek().mayExist()).isFalse();
    fleet.registry.succeed(task.id() + ".1");
    TaskView done = fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(done.result()).extracting(TaskOutcome::text).isEqualTo("done");
    assertThat(done.instance()).isEqualTo(ScriptedRegistry.INSTANCE);
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "running#1", "succeeded#1");
    assertThat(fleet.seqs())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 3).boxed().toList());
    assertThat(fleet.count(MeterNames.TASKS_FINISHED, "state", "succeeded")).isEqualTo(1);
  }

  @Test
  void aRetryableFailureRunsAgainUnderANewRunUntilTheAttemptsAreUsedUp() {
    fleet.registry.begin = _ -> new RunState.Failed("BOOM", "it broke", true);
    TaskView task = fleet.create(ALICE, Map.of("prompt", "fragile", "maxAttempts", 2));
    TaskView dead = fleet.awaitState(task.id(), TaskState.DEAD);
    assertThat(dead.error()).isEqualTo(new TaskError("BOOM", "it broke"));
    assertThat(fleet.history(task.id()))
        .containsExactly("queued#0", "running#1", "retrying#1", "running#2", "dead#2");
    assertThat(fleet.registry.orders.stream().map(o -> o.runId()).distinct())
        .containsExactly(task.id() + ".1", task.id() + ".2");
  }

  @Test
  void aFinalFailureIsNotTriedAgain() {
    fleet.registry.begin = _ -> new RunState.Failed("BAD", "never", false);
    TaskView task = fleet.create("hopeless");
    fleet.awaitState(task.id(), TaskState.FAILED);
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "running#1", "failed#1");
  }

  @Test
  void aResultThatTheStoreTakesOnlyInPartIsKeptWithoutTheRest() {
    TaskView task = fleet.create("binary");
    fleet.awaitStarted("binary");
    fleet.registry.end(task.id() + ".1", succeeded("a\0b"));
    assertThat(fleet.awaitState(task.id(), TaskState.SUCCEEDED).result())
        .extracting(TaskOutcome::text)
        .isEqualTo("ab");
  }

  @Test
  void aResultThatTheStoreRefusesEndsTheTaskAllTheSame() {
    fleet
        .stores
        .postgres()
        .query("alter table tasks add check (result is null or result->>'text' <> 'cursed')")
        .execute()
        .await();
    TaskView task = fleet.create("curse");
    fleet.awaitStarted("curse");
    fleet.registry.end(task.id() + ".1", succeeded("cursed"));
    assertThat(fleet.awaitState(task.id(), TaskState.FAILED).error())
        .extracting(TaskError::reason)
        .isEqualTo("RESULT_NOT_STORABLE");
  }

  private static RunState succeeded(String text) {
    return new RunState.Succeeded(new TaskOutcome(text, null, null, null, null));
  }

  @Test
  void aRefusedRunGoesBackWithoutCountingAsAnAttempt() {
    fleet.registry.begin =
        order -> order.attempt() < 3 ? new RunState.Refused("draining") : new RunState.Going();
    TaskView task = fleet.create(ALICE, Map.of("prompt", "patient", "maxAttempts", 1));
    fleet.awaitState(task.id(), TaskState.RUNNING);
    await().until(() -> fleet.registry.orders.size() >= 3);
    fleet.registry.succeed(task.id() + ".3");
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(fleet.history(task.id()))
        .containsExactly(
            "queued#0",
            "running#1",
            "queued#1",
            "running#2",
            "queued#2",
            "running#3",
            "succeeded#3");
  }

  @Test
  void anEndedTaskCanBeRetriedAndALiveOneNot() {
    fleet.registry.begin = _ -> new RunState.Failed("BAD", "never", false);
    TaskView task = fleet.create("again");
    fleet.awaitState(task.id(), TaskState.FAILED);
    fleet.registry.begin = _ -> new RunState.Going();
    TaskView retried =
        fleet.ask(
            ALICE, CommandKind.TASK_RETRY, new Command.TaskRetry(task.id()), "r1", TaskView.class);
    assertThat(retried.state()).isEqualTo(TaskState.PENDING);
    assertThat(retried.error()).isNull();
    fleet.awaitState(task.id(), TaskState.RUNNING);
    assertThat(
            fleet
                .refused(ALICE, CommandKind.TASK_RETRY, new Command.TaskRetry(task.id()), "r2")
                .reason())
        .isEqualTo(Reason.WRONG_STATE);
    await().until(() -> !fleet.registry.orders(task.id() + ".2").isEmpty());
    fleet.registry.succeed(task.id() + ".2");
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
  }

  @Test
  void tasksOfOneSessionRunOneAfterAnother() {
    List<TaskView> tasks =
        List.of(
            fleet.create(ALICE, Map.of("prompt", "first", "session", "s")),
            fleet.create(ALICE, Map.of("prompt", "second", "session", "s", "priority", "critical")),
            fleet.create(ALICE, Map.of("prompt", "third", "session", "s")));
    fleet.awaitStarted("first");
    assertThat(fleet.registry.started()).containsExactly("first");
    fleet.registry.succeed(tasks.get(0).id() + ".1");
    fleet.awaitStarted("second");
    assertThat(fleet.registry.started()).containsExactly("first", "second");
    fleet.registry.succeed(tasks.get(1).id() + ".1");
    fleet.awaitStarted("third");
    assertThat(fleet.registry.orders)
        .extracting(o -> o.sessionKey())
        .containsOnly(fleet.registry.orders.peek().sessionKey());
  }
}
