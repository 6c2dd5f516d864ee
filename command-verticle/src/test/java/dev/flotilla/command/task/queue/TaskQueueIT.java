package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue.Room;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.contract.Priority;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TaskQueueIT {
  private static final NodeId NODE = new NodeId("n1");
  private static final InstanceId INSTANCE = new InstanceId("eu-1");
  private static final Duration LEASE = Duration.ofMinutes(1);

  private final FleetConfig config = TestStores.fresh(Map.of());
  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, config);
  private final TaskQueue queue = new TaskQueue(stores.redis());

  @BeforeEach
  void flush() {
    stores.redis().send(Request.cmd(Command.FLUSHDB)).await();
  }

  @AfterEach
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  @Test
  void aQueueThatIsLostWhileItIsBuiltIsNotComplete() {
    String token = queue.building();
    queue.add(List.of(Tasks.row("first", "acme", null)));
    flush();
    queue.add(List.of(Tasks.row("second", "acme", null)));
    assertThat(queue.built(token)).isEmpty();
    assertThat(queue.take(NODE, LEASE, 10)).isEmpty();
  }

  @Test
  void aQueueThatWasBuiltToTheEndIsTakenFrom() {
    String token = queue.building();
    var task = Tasks.row("first", "acme", null);
    queue.add(List.of(task));
    assertThat(queue.built(token)).hasValue(0);
    assertThat(queue.take(NODE, LEASE, 10)).contains(List.of(task.id()));
  }

  @Test
  void aTaskThatWasQueuedAgainSurvivesTheFarewellOfItsLastHolder() {
    var task = Tasks.row("again", "acme", null);
    queue.add(List.of(task));
    queue.built(queue.building());
    assertThat(queue.take(NODE, LEASE, 1)).contains(List.of(task.id()));
    queue.force(task);
    assertThat(queue.finish(NODE, List.of(task.id()))).isZero();
    NodeId other = new NodeId("n2");
    assertThat(queue.take(other, LEASE, 1)).contains(List.of(task.id()));
    assertThat(queue.finish(NODE, List.of(task.id()))).isZero();
    assertThat(queue.finish(other, List.of(task.id()))).isOne();
  }

  @Test
  void noTaskStartsWhileOneOfAHigherLevelLooksForAPlaceAtAnotherNode() {
    NodeId other = new NodeId("n2");
    built(waiting(1, "acme", Priority.CRITICAL), waiting(2, "acme", Priority.LOW));
    assertThat(queue.take(NODE, LEASE, 1)).contains(ids(1));
    assertThat(queue.take(other, LEASE, 1)).contains(ids(2));
    assertThat(Tasks.slot(queue, id(2), other, INSTANCE, 1)).isEqualTo(Slot.LATER);
    assertThat(Tasks.slot(queue, id(1), NODE, INSTANCE, 1)).isEqualTo(Slot.TAKEN);
    assertThat(Tasks.slot(queue, id(2), other, INSTANCE, 1)).isEqualTo(Slot.FULL);
  }

  @Test
  void noTaskStartsWhileOneOfAHigherLevelCouldBeTaken() {
    built(waiting(1, "acme", Priority.LOW));
    queue.take(NODE, LEASE, 1);
    queue.add(List.of(waiting(2, "acme", Priority.CRITICAL)));
    assertThat(Tasks.slot(queue, id(1), NODE, INSTANCE, 1)).isEqualTo(Slot.LATER);
    queue.giveBack(id(1), NODE);
    assertThat(queue.take(NODE, LEASE, 2)).contains(ids(2, 1));
  }

  @Test
  void aTaskThatFoundNoPlaceStopsNoLowerOneAndIsNotPassedByItsOwnKind() {
    built(
        waiting(1, "acme", Priority.CRITICAL),
        waiting(2, "acme", Priority.CRITICAL),
        waiting(3, "acme", Priority.LOW));
    assertThat(queue.take(NODE, LEASE, 3)).contains(ids(1, 2, 3));
    assertThat(Tasks.slot(queue, id(2), NODE, INSTANCE, 1)).isEqualTo(Slot.LATER);
    queue.park(id(1), NODE, Room.ABSENT, LEASE);
    assertThat(Tasks.slot(queue, id(2), NODE, INSTANCE, 1)).isEqualTo(Slot.LATER);
    queue.giveBack(id(2), NODE);
    assertThat(Tasks.slot(queue, id(3), NODE, INSTANCE, 1)).isEqualTo(Slot.TAKEN);
    queue.wake();
    assertThat(queue.take(NODE, LEASE, 3)).contains(ids(1, 2));
  }

  @Test
  void aKeyLetsNoMoreTasksRunThanItsLimitOnWhateverLevel() {
    TaskRow.KeyLimits two = new TaskRow.KeyLimits("repo", 2, 0, 0);
    built(
        waiting(1, "acme", Priority.LOW, two),
        waiting(2, "acme", Priority.LOW, two),
        waiting(3, "acme", Priority.HIGH, two),
        waiting(4, "acme", Priority.LOW));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(3, 1, 4));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids());
    queue.finish(NODE, List.of(id(3)));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(2));
    assertSound();
  }

  @Test
  void aKeyStartsNoMoreTasksThanItsRate() {
    TaskRow.KeyLimits rate = new TaskRow.KeyLimits("api", 0, 2, 60_000);
    built(
        waiting(1, "acme", Priority.LOW, rate),
        waiting(2, "acme", Priority.LOW, rate),
        waiting(3, "acme", Priority.LOW, rate));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(1, 2));
    queue.finish(NODE, List.of(id(1)));
    queue.wake();
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids());
    queue.giveBack(id(2), NODE);
    queue.wake();
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(2));
    assertSound();
  }

  @Test
  void turnsFollowTheSharesOfTenants() {
    List<TaskRow> tasks = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      tasks.add(waiting(i, "large", Priority.MEDIUM));
      tasks.add(waiting(100 + i, "small", Priority.MEDIUM));
    }
    queue.rules(new Rules(List.of(), List.of(new Rules.Share("large", 3, 0))));
    built(tasks.toArray(TaskRow[]::new));
    long large =
        queue.take(NODE, LEASE, 20).orElseThrow().stream()
            .filter(id -> Integer.parseInt(id.value().substring(1)) < 100)
            .count();
    assertThat(large).isEqualTo(15);
  }

  @Test
  void aTenantThatFoundNoPlaceHasItsTurnOnceThereIsOne() {
    built(
        waiting(1, "acme", Priority.LOW),
        waiting(2, "acme", Priority.LOW),
        waiting(3, "globex", Priority.LOW));
    List<TaskId> started = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (TaskId id : queue.take(NODE, LEASE, 3).orElseThrow()) {
        if (Tasks.slot(queue, id, NODE, INSTANCE, 1) == Slot.TAKEN) {
          started.add(id);
        } else {
          queue.park(id, NODE, Room.PARKED, LEASE);
        }
      }
      queue.finish(NODE, List.of(started.getLast()));
    }
    assertThat(started).containsExactly(id(1), id(3), id(2));
    assertSound();
  }

  @Test
  void aPausedLevelOrTenantStartsNothingUntilItIsResumed() {
    built(
        waiting(1, "acme", Priority.HIGH),
        waiting(2, "acme", Priority.LOW),
        waiting(3, "globex", Priority.HIGH),
        waiting(4, "globex", Priority.LOW));
    assertThat(queue.rules(new Rules(List.of("acme|*", "*|3"), List.of()))).isTrue();
    assertThat(queue.rules(new Rules(List.of("*|3", "acme|*"), List.of()))).isFalse();
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(3));
    assertThat(Tasks.slot(queue, id(3), NODE, INSTANCE, 10)).isEqualTo(Slot.TAKEN);
    queue.add(List.of(waiting(5, "acme", Priority.HIGH)));
    queue.rules(new Rules(List.of("acme|1"), List.of()));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(2, 4));
    queue.rules(new Rules(List.of(), List.of()));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(1, 5));
    assertSound();
  }

  @Test
  void aTenantHasNoMoreTasksInHandThanItsCapAndTheFleetNoMoreThanIts() {
    built(
        waiting(1, "acme", Priority.HIGH),
        waiting(2, "acme", Priority.HIGH),
        waiting(3, "globex", Priority.LOW),
        waiting(4, "globex", Priority.LOW));
    queue.rules(
        new Rules(List.of(), List.of(new Rules.Share("acme", 1, 1), new Rules.Share("*", 1, 2))));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(1, 3));
    queue.finish(NODE, List.of(id(3)));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(4));
    queue.finish(NODE, List.of(id(1)));
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(2));
    assertSound();
  }

  @Test
  void whatIsGoneLeavesNothingBehind() {
    TaskRow.KeyLimits one = new TaskRow.KeyLimits("repo", 1, 5, 60_000);
    built(waiting(1, "acme", Priority.HIGH, one), waiting(2, "acme", Priority.LOW, one));
    queue.take(NODE, LEASE, 10);
    Tasks.slot(queue, id(1), NODE, INSTANCE, 1);
    assertThat(queue.totals()).containsEntry("index", 2L).containsEntry("gates", 1L);
    queue.finish(List.of(id(1), id(2)));
    Map<String, Long> totals = new HashMap<>(queue.totals());
    totals.remove("built");
    assertThat(totals).isNotEmpty().allSatisfy((_, count) -> assertThat(count).isZero());
  }

  @Test
  void whatWasDamagedIsFoundAndMended() {
    TaskRow task = waiting(1, "acme", Priority.HIGH);
    built(task, waiting(2, "acme", Priority.HIGH));
    assertSound();
    damage("ZREM", TaskQueue.PREFIX + ":line:1|acme|any", "t1");
    assertThat(queue.inspect(-1, 10).contradictions()).anyMatch(words -> words.startsWith("t1 "));
    assertThat(queue.mend(List.of(task))).containsExactly(id(1));
    assertSound();
    assertThat(queue.take(NODE, LEASE, 10)).contains(ids(1, 2));
  }

  private void damage(String command, String... arguments) {
    Request request = Request.cmd(Command.create(command));
    for (String argument : arguments) {
      request.arg(argument);
    }
    stores.redis().send(request).await();
  }

  private void built(TaskRow... tasks) {
    String token = queue.building();
    queue.add(List.of(tasks));
    queue.built(token);
  }

  private void assertSound() {
    assertThat(queue.inspect(-1, 1000).contradictions()).isEmpty();
  }

  private static TaskRow waiting(long ordinal, String tenant, Priority priority) {
    return Tasks.waiting(ordinal, tenant, priority, null);
  }

  private static TaskRow waiting(
      long ordinal, String tenant, Priority priority, TaskRow.KeyLimits limits) {
    return Tasks.waiting(ordinal, tenant, priority, limits);
  }

  private static TaskId id(long ordinal) {
    return new TaskId("t" + ordinal);
  }

  private static List<TaskId> ids(long... ordinals) {
    return Arrays.stream(ordinals).mapToObj(TaskQueueIT::id).toList();
  }
}
