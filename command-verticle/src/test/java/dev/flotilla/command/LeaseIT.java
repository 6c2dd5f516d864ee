package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.telemetry.MeterNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeaseIT {
  private final CommandFleet fleet = CommandFleet.of("n1");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void theResultOfAnOldAttemptChangesNothing() {
    // The holder does not notice by itself, when it renews its lease.
    Map<String, String> seldom =
        Map.of("FLOTILLA_COMMAND_LEASE", "10m", "FLOTILLA_COMMAND_LEASE_RENEWAL", "3m");
    try (CommandFleet calm = new CommandFleet(seldom, "n1")) {
      TaskView task = calm.create("contested");
      calm.awaitStarted("contested");
      // As if another node had taken over and had the task finished meanwhile.
      calm.row(
          "update tasks set attempt = attempt + 1, lease_node = 'n7', lease_until = now() +"
              + " interval '1 hour' where id = $1 returning id",
          task.id().value());
      calm.registry.end(
          task.id() + ".1", new RunState.Failed("LATE", "an old attempt says so", false));
      await().until(() -> calm.count(MeterNames.FENCED) == 1);
      TaskView now = calm.get(task.id());
      assertThat(now.state()).isEqualTo(TaskState.RUNNING);
      assertThat(now.attempt()).isEqualTo(2);
      assertThat(calm.history(task.id())).containsExactly("queued#0", "running#1");
    }
  }

  @Test
  void aNodeThatStopsHandsItsRunsOverAtOnce() {
    TaskView task = start("moving");
    fleet.start("n2");
    fleet.stop("n1");
    await()
        .untilAsserted(
            () ->
                assertThat(fleet.registry.orders(task.id() + ".1"))
                    .anySatisfy(
                        order -> {
                          assertThat(order.holder().value()).isEqualTo("n2");
                          assertThat(order.attempt()).isEqualTo(2);
                          assertThat(order.mayExist()).isTrue();
                        }));
    assertThat(fleet.registry.cancels).isEmpty();
    fleet.registry.succeed(task.id() + ".1");
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(fleet.history(task.id()))
        .containsExactly("queued#0", "running#1", "running#2", "succeeded#2");
  }

  @Test
  void anUnreachableRunIsAskedAfterUntilItIsHeardOfAgain() {
    TaskView task = start("far");
    String run = task.id() + ".1";
    fleet.registry.runs.put(run, new RunState.Unreachable("link down"));
    int orders = fleet.registry.orders(run).size();
    await().until(() -> fleet.registry.orders(run).size() > orders + 2);
    assertThat(fleet.get(task.id()).state()).isEqualTo(TaskState.RUNNING);
    fleet.registry.succeed(run);
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "running#1", "succeeded#1");
  }

  @Test
  void aRunIsGivenUpWhenItsInstanceIsOutOfReachAndNotWhenItsLinkHasOnlyMoved() {
    try (CommandFleet impatient =
        new CommandFleet(Map.of("FLOTILLA_COMMAND_RUN_PATIENCE", "1s"), "n1")) {
      TaskView task = impatient.create("patience");
      impatient.awaitStarted("patience");
      String run = task.id() + ".1";
      impatient.registry.runs.put(run, new RunState.Unreachable("the link is being made", true));
      int orders = impatient.registry.orders(run).size();
      await().until(() -> impatient.registry.orders(run).size() > orders + 12);
      assertThat(impatient.registry.runs).doesNotContainKey(task.id() + ".2");
      impatient.registry.runs.put(run, new RunState.Unreachable("nobody listens there"));
      await().until(() -> impatient.registry.runs.containsKey(task.id() + ".2"));
    }
  }

  @Test
  void aRunPastItsTimeIsNotGivenUpWhileItsInstanceIsOutOfReach() {
    TaskView task = start("late");
    String run = task.id() + ".1";
    fleet.row(
        "update tasks set started_at = now() - interval '1 day' where id = $1 returning id",
        task.id().value());
    fleet.registry.runs.put(run, new RunState.Unreachable("link down"));
    fleet.stop("n1");
    int orders = fleet.registry.orders(run).size();
    fleet.start("n2");
    await().until(() -> fleet.registry.orders(run).size() > orders + 6);
    assertThat(fleet.registry.cancels).isEmpty();
    fleet.registry.succeed(run);
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(fleet.history(task.id()))
        .containsExactly("queued#0", "running#1", "running#2", "succeeded#2");
  }

  @Test
  void aRunPastItsTimeIsStoppedAndOnlyItsEndLetsAnotherStart() {
    TaskView task = fleet.create(ALICE, Map.of("prompt", "slow", "timeoutMs", 1000));
    fleet.awaitStarted("slow");
    String first = task.id() + ".1";
    fleet.registry.stop = _ -> new RunState.Unreachable("link down");
    await().until(() -> fleet.registry.cancels.size() > 2);
    assertThat(fleet.get(task.id()).state()).isEqualTo(TaskState.RUNNING);
    fleet.registry.stop = _ -> new RunState.Aborted("stopped");
    await().until(() -> fleet.registry.runs.containsKey(task.id() + ".2"));
    assertThat(fleet.registry.runs.get(first)).isInstanceOf(RunState.Aborted.class);
    assertThat(fleet.history(task.id())).contains("retrying#1");
  }

  @Test
  void theWishToCancelOutlivesAnInstanceOutOfReach() {
    TaskView task = start("unwanted and far");
    fleet.registry.stop = _ -> new RunState.Unreachable("link down");
    cancel(task, "c1");
    await().until(() -> fleet.registry.cancels.size() > 12);
    assertThat(fleet.get(task.id()).state()).isEqualTo(TaskState.RUNNING);
    fleet.registry.stop = _ -> new RunState.Aborted("stopped");
    fleet.awaitState(task.id(), TaskState.CANCELLED);
  }

  @Test
  void aRunOnAnInstanceThatLeftTheFleetIsOver() {
    fleet.registry.begin = _ -> new RunState.Unreachable("link down");
    TaskView task = fleet.create("orphan");
    fleet.awaitStarted("orphan");
    fleet.registry.begin = _ -> new RunState.Going();
    fleet.registry.route =
        ask ->
            ask.bound() == null
                ? ScriptedRegistry.slots(5)
                : ScriptedRegistry.nowhere("NO_INSTANCE: it is gone");
    await().until(() -> fleet.registry.runs.containsKey(task.id() + ".2"));
    assertThat(fleet.history(task.id()))
        .containsExactly("queued#0", "running#1", "retrying#1", "running#2");
  }

  @Test
  void aRunningTaskIsCancelledTogetherWithItsRun() {
    TaskView task = start("unwanted");
    TaskView asked = cancel(task, "c1");
    assertThat(asked.state()).isEqualTo(TaskState.RUNNING);
    TaskView ended = fleet.awaitState(task.id(), TaskState.CANCELLED);
    assertThat(ended.error()).isNotNull();
    assertThat(fleet.registry.cancels).extracting(c -> c.runId()).contains(task.id() + ".1");
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "running#1", "cancelled#1");
    assertThat(
            fleet
                .refused(
                    ALICE, CommandKind.TASK_CANCEL, new Command.TaskCancel(task.id(), null), "c2")
                .reason())
        .isEqualTo(Reason.WRONG_STATE);
  }

  @Test
  void aWaitingTaskIsCancelledAtOnceAndNeverRuns() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE");
    TaskView task = fleet.create("never mind");
    TaskView ended = cancel(task, "c1");
    assertThat(ended.state()).isEqualTo(TaskState.CANCELLED);
    fleet.registry.route = _ -> ScriptedRegistry.slots(5);
    fleet.create("other");
    fleet.awaitStarted("other");
    assertThat(fleet.registry.started()).containsExactly("other");
    assertThat(fleet.history(task.id())).containsExactly("queued#0", "cancelled#0");
  }

  @Test
  void aTaskThatWaitsForItsNextAttemptIsCancelledAtOnce() {
    fleet.registry.begin = _ -> new RunState.Failed("BOOM", "broke", true);
    TaskView task = fleet.create(ALICE, Map.of("prompt", "flaky", "maxAttempts", 10));
    await().until(() -> fleet.get(task.id()).attempt() >= 4);
    TaskView ended = cancel(task, "c1");
    assertThat(List.of(TaskState.CANCELLED, TaskState.RUNNING)).contains(ended.state());
    fleet.awaitState(task.id(), TaskState.CANCELLED);
    assertThat(fleet.history(task.id()).getLast()).startsWith("cancelled#");
  }

  private TaskView cancel(TaskView task, String key) {
    return fleet.ask(
        ALICE,
        CommandKind.TASK_CANCEL,
        new Command.TaskCancel(task.id(), "changed my mind"),
        key,
        TaskView.class);
  }

  private TaskView start(String prompt) {
    TaskView task = fleet.create(prompt);
    fleet.awaitStarted(prompt);
    return task;
  }
}
