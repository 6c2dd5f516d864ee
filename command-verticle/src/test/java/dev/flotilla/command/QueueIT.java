package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueIT {
  private static final Principal BOB = principal("globex", "bob", Role.ADMIN);

  // A database that has no room for claims, and counts them.
  private static final String FULL =
      """
      create sequence claims;
      create function full_up() returns trigger language plpgsql as $$
      begin
        perform nextval('claims');
        raise exception 'no room' using errcode = '53300';
      end $$;
      create trigger full_up before update on tasks for each row
        when (new.state = 'running') execute function full_up();
      """;
  private final CommandFleet fleet = CommandFleet.of();

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void higherLevelsComeFirstAndInsideALevelTheOldest() {
    oneSlot();
    fleet.start("n1");
    TaskId blocker = fleet.create("blocker").id();
    fleet.awaitStarted("blocker");
    for (String level : List.of("low", "medium", "high", "critical")) {
      create(ALICE, level + "-1", level);
      create(ALICE, level + "-2", level);
    }
    awaitDepth(8);
    assertThat(runOneByOne("blocker", blocker, 9))
        .containsExactly(
            "blocker",
            "critical-1",
            "critical-2",
            "high-1",
            "high-2",
            "medium-1",
            "medium-2",
            "low-1",
            "low-2");
    awaitDepth(0);
  }

  @Test
  void tenantsTakeTurnsInsideALevel() {
    oneSlot();
    fleet.start("n1");
    TaskId blocker = fleet.create("blocker").id();
    fleet.awaitStarted("blocker");
    for (int i = 1; i <= 4; i++) {
      create(ALICE, "a" + i, "medium");
    }
    create(BOB, "b1", "medium");
    create(BOB, "b2", "medium");
    awaitDepth(6);
    assertThat(runOneByOne("blocker", blocker, 7))
        .containsExactly("blocker", "b1", "a1", "b2", "a2", "a3", "a4");
  }

  @Test
  void aTaskThatNobodyCanTakeBlocksNoOther() {
    fleet.registry.route =
        ask ->
            ask.capabilities().isEmpty()
                ? ScriptedRegistry.slots(10)
                : ScriptedRegistry.nowhere("NO_INSTANCE: none has gpu");
    fleet.start("n1");
    var picky =
        fleet.create(
            ALICE,
            Map.of("prompt", "picky", "priority", "critical", "capabilities", List.of("gpu")));
    fleet.create("easy");
    fleet.awaitStarted("easy");
    await()
        .untilAsserted(
            () ->
                assertThat(fleet.get(picky.id()).waitReason())
                    .isEqualTo("NO_INSTANCE: none has gpu"));
    fleet.registry.route = _ -> ScriptedRegistry.slots(10);
    fleet.awaitStarted("picky");
    assertThat(fleet.awaitState(picky.id(), TaskState.RUNNING).waitReason()).isNull();
  }

  @Test
  void anInstanceNeverRunsMoreThanItsSlots() {
    fleet.registry.route = _ -> ScriptedRegistry.slots(3);
    fleet.start("n1");
    fleet.start("n2");
    List<TaskId> tasks = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      tasks.add(fleet.create("t" + i).id());
    }
    for (int i = 0; i < 12; i++) {
      int running = Math.min(3, 12 - i);
      await().untilAsserted(() -> assertThat(running()).hasSize(running));
      fleet.registry.succeed(running().getFirst() + ".1");
      int left = 12 - i - 1;
      await().until(() -> open() == left);
    }
    tasks.forEach(task -> fleet.awaitState(task, TaskState.SUCCEEDED));
  }

  @Test
  void aTaskWhoseClaimTheDatabaseRefusesIsTriedAgainLongBeforeItsLeaseEnds() {
    try (CommandFleet slow =
        new CommandFleet(
            Map.of("FLOTILLA_COMMAND_LEASE", "60s", "FLOTILLA_POSTGRES_POOL_SIZE", "3"))) {
      slow.stores.postgres().query(FULL).execute().await();
      slow.start("n1");
      TaskId task = slow.create("unlucky").id();
      TaskQueue queue = new TaskQueue(slow.stores.redis());
      await().until(() -> slow.row("select last_value from claims").getLong(0) > 1);
      slow.stores.postgres().query("drop trigger full_up on tasks").execute().await();
      slow.awaitStarted("unlucky");
      slow.registry.succeed(slow.registry.runOf("unlucky"));
      slow.awaitState(task, TaskState.SUCCEEDED);
      assertThat(queue.depth()).containsEntry(Priority.MEDIUM, 0L);
    }
  }

  private void oneSlot() {
    fleet.registry.route = _ -> ScriptedRegistry.slots(1);
  }

  private void create(Principal who, String prompt, String level) {
    fleet.create(who, Map.of("prompt", prompt, "priority", level));
  }

  private void awaitDepth(long expected) {
    TaskQueue queue = new TaskQueue(fleet.stores.redis());
    await()
        .untilAsserted(
            () -> {
              Map<Priority, Long> depth = queue.depth();
              assertThat(depth.values().stream().mapToLong(Long::longValue).sum())
                  .isEqualTo(expected);
            });
  }

  /// Ends what runs, again and again, and answers the order in which runs began.
  private List<String> runOneByOne(String first, TaskId blocker, int total) {
    String prompt = first;
    fleet.registry.succeed(blocker + ".1");
    for (int n = 2; n <= total; n++) {
      int wanted = n;
      await().until(() -> fleet.registry.started().size() >= wanted);
      prompt = fleet.registry.started().get(n - 1);
      fleet.registry.succeed(fleet.registry.runOf(prompt));
    }
    return fleet.registry.started();
  }

  private List<String> running() {
    List<String> ids = new ArrayList<>();
    fleet
        .stores
        .postgres()
        .query("select id from tasks where state = 'running'")
        .execute()
        .await()
        .forEach(row -> ids.add(row.getString(0)));
    ids.removeIf(id -> fleet.registry.orders(id + ".1").isEmpty());
    return ids;
  }

  private int open() {
    return fleet
        .row("select count(*)::int from tasks where state in ('pending', 'running')")
        .getInteger(0);
  }
}
