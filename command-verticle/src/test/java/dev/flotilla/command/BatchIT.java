package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.QueueResult.TaskBatch;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatchIT {
  private final CommandFleet fleet = CommandFleet.of("n1");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aBatchIsCreatedInItsOrder() {
    fleet.registry.begin = order -> new RunState.Succeeded(outcome(order.prompt()));
    List<Map<String, Object>> tasks =
        IntStream.range(0, 300)
            .<Map<String, Object>>mapToObj(i -> Map.of("prompt", "p" + i, "priority", "low"))
            .toList();
    List<TaskId> ids = batch(tasks);
    assertThat(ids).hasSize(300).doesNotHaveDuplicates();
    await().until(() -> fleet.registry.runs.size() == 300);
    await()
        .untilAsserted(
            () ->
                assertThat(
                        fleet
                            .row("select count(*) from tasks where state = 'succeeded'")
                            .getLong(0))
                    .isEqualTo(300));
    assertThat(fleet.get(ids.get(299)).prompt()).isEqualTo("p299");
  }

  @Test
  void aBatchWithOneWrongTaskCreatesNothing() {
    long later = fleet.clock.millis() + 60_000;
    var fault =
        fleet.refused(
            ALICE,
            CommandKind.TASK_BATCH,
            Map.of(
                "tasks",
                List.of(
                    Map.of("prompt", "right"),
                    Map.of("prompt", "wrong", "runAt", later, "deadline", later))),
            "b1");
    assertThat(fault.reason()).isEqualTo(Reason.INVALID_FIELD);
    assertThat(fleet.row("select count(*) from tasks").getLong(0)).isZero();
  }

  @Test
  void aWrongFieldOfANestedTaskIsNamed() {
    var fault =
        fleet.refused(
            ALICE,
            CommandKind.TASK_BATCH,
            Map.of("tasks", List.of(Map.of("prompt", "x", "retry", Map.of("delayMs", 0)))),
            "b2");
    assertThat(fault.field()).isEqualTo("tasks.0.retry.delayMs");
  }

  @Test
  void aTaskStartsOnceThoseBeforeItHaveEnded() {
    List<TaskId> ids =
        batch(
            List.of(
                Map.of("prompt", "one"),
                Map.of("prompt", "two"),
                Map.of("prompt", "three", "after", List.of("#0", "#1"))));
    fleet.awaitStarted("one", "two");
    assertThat(fleet.get(ids.get(2)))
        .satisfies(
            task -> {
              assertThat(task.state()).isEqualTo(TaskState.SCHEDULED);
              assertThat(task.waitReason()).contains("2 other tasks");
              assertThat(task.after()).containsExactly(ids.get(0), ids.get(1));
            });
    fleet.registry.succeed(ids.get(0) + ".1");
    fleet.awaitState(ids.get(0), TaskState.SUCCEEDED);
    assertThat(fleet.get(ids.get(2)).waitReason()).contains("1 other task");
    fleet.registry.succeed(ids.get(1) + ".1");
    fleet.awaitStarted("three");
    assertThat(fleet.history(ids.get(2))).containsExactly("scheduled#0", "queued#0", "running#1");
  }

  @Test
  void afterAFailureATaskFailsTooIsLeftOutOrRunsAllTheSame() {
    fleet.registry.begin =
        order ->
            order.prompt().equals("first")
                ? new RunState.Going()
                : new RunState.Succeeded(outcome("ok"));
    List<TaskId> ids =
        batch(
            List.of(
                Map.of("prompt", "first"),
                Map.of("prompt", "fails", "after", List.of("#0")),
                Map.of("prompt", "skipped", "after", List.of("#0"), "afterFailure", "skip"),
                Map.of("prompt", "runs", "after", List.of("#0"), "afterFailure", "run"),
                Map.of("prompt", "third", "after", List.of("#1"))));
    fleet.awaitStarted("first");
    fleet.registry.end(ids.get(0) + ".1", new RunState.Failed("BAD", "no", false));
    fleet.awaitState(ids.get(0), TaskState.FAILED);
    assertThat(fleet.awaitState(ids.get(1), TaskState.FAILED).error())
        .extracting(TaskError::reason)
        .isEqualTo("DEPENDENCY_FAILED");
    fleet.awaitState(ids.get(2), TaskState.CANCELLED);
    fleet.awaitState(ids.get(3), TaskState.SUCCEEDED);
    fleet.awaitState(ids.get(4), TaskState.FAILED);
    assertThat(fleet.registry.started()).containsExactlyInAnyOrder("first", "runs");
  }

  @Test
  void cancellingATaskCancelsNothingThatRunsAllTheSame() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE: none");
    TaskView first = fleet.create("first");
    TaskView second =
        fleet.create(
            ALICE,
            Map.of(
                "prompt", "second", "after", List.of(first.id().value()), "afterFailure", "run"));
    assertThat(second.state()).isEqualTo(TaskState.SCHEDULED);
    fleet.ask(
        ALICE, CommandKind.TASK_CANCEL, Map.of("id", first.id().value()), "c", TaskView.class);
    fleet.awaitState(second.id(), TaskState.PENDING);
    fleet.registry.route = _ -> ScriptedRegistry.slots(1);
    fleet.awaitStarted("second");
  }

  @Test
  void whatATaskWaitsForHasToBeThereAndOfItsTenant() {
    TaskView foreign =
        fleet.create(
            CommandFleet.principal("globex", "bob", Role.ADMIN), Map.of("prompt", "theirs"));
    assertThat(refused(List.of(foreign.id().value()))).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused(List.of("nowhere"))).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused(List.of("#0"))).isEqualTo(Reason.INVALID_FIELD);
    fleet.registry.begin = _ -> new RunState.Failed("BAD", "no", false);
    TaskView failed = fleet.create("failed");
    fleet.awaitState(failed.id(), TaskState.FAILED);
    assertThat(refused(List.of(failed.id().value()))).isEqualTo(Reason.WRONG_STATE);
  }

  private Reason refused(List<String> after) {
    return fleet
        .refused(
            ALICE,
            CommandKind.TASK_CREATE,
            Map.of("prompt", "x", "after", after),
            Ids.next(fleet.clock))
        .reason();
  }

  private List<TaskId> batch(List<Map<String, Object>> tasks) {
    return fleet
        .ask(
            ALICE,
            CommandKind.TASK_BATCH,
            Map.of("tasks", tasks),
            Ids.next(fleet.clock),
            TaskBatch.class)
        .ids();
  }

  private static TaskOutcome outcome(String text) {
    return new TaskOutcome(text, null, null, null, null);
  }
}
