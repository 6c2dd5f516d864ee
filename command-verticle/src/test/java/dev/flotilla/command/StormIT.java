package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.command.task.queue.QueueDoctor;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.QueueResult.TaskBatch;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StormIT {
  private static final int BATCHES = 10;
  private static final int TASKS = 1000;
  private static final Principal BOB = CommandFleet.principal("globex", "bob", Role.ADMIN);

  private final CommandFleet fleet = CommandFleet.of("n1", "n2", "n3");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void noTaskIsLostOrRunTwiceWhileRedisLosesEverythingAgainAndAgainAndNodesComeAndGo() {
    fleet.registry.route = _ -> ScriptedRegistry.slots(50);
    fleet.registry.begin =
        _ -> new RunState.Succeeded(new TaskOutcome("ok", null, null, null, null));
    List<TaskId> tasks = new ArrayList<>();
    for (int batch = 0; batch < BATCHES; batch++) {
      tasks.addAll(create(batch % 2 == 0 ? ALICE : BOB, batch));
      fleet.flushRedis();
      if (batch == BATCHES / 2) {
        fleet.stop("n2");
        fleet.join("n4");
      }
    }
    await()
        .atMost(Duration.ofMinutes(4))
        .untilAsserted(() -> assertThat(succeeded()).isEqualTo(tasks.size()));
    // One run each, and each of them once.
    assertThat(fleet.registry.runs)
        .containsOnlyKeys(tasks.stream().map(task -> task + ".1").toList());
    assertThat(fleet.row("select count(*) from task_attempts where outcome = 'succeeded'"))
        .satisfies(row -> assertThat(row.getLong(0)).isEqualTo(tasks.size()));
    await()
        .untilAsserted(
            () ->
                assertThat(fleet.queue().totals())
                    .containsEntry("index", 0L)
                    .containsEntry("slots", 0L)
                    .containsEntry("hands", 0L));
    assertThat(new QueueDoctor(fleet.vertx, fleet.stores).look().findings()).isEmpty();
  }

  private long succeeded() {
    return fleet.row("select count(*) from tasks where state = 'succeeded'").getLong(0);
  }

  private List<TaskId> create(Principal who, int batch) {
    List<Map<String, String>> tasks =
        IntStream.range(0, TASKS)
            .mapToObj(
                i ->
                    Map.of(
                        "prompt",
                        batch + "." + i,
                        "priority",
                        List.of("critical", "high", "medium", "low").get(i % 4)))
            .toList();
    return fleet
        .ask(
            who,
            CommandKind.TASK_BATCH,
            Map.of("tasks", tasks),
            Ids.next(fleet.clock),
            TaskBatch.class)
        .ids();
  }
}
