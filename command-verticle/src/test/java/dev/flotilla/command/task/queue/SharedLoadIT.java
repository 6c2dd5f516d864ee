package dev.flotilla.command.task.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.Tasks;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue.Asking;
import dev.flotilla.command.task.queue.TaskQueue.Chosen;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/// The choice of an instance among candidates with room, against a model of it.
class SharedLoadIT {
  private static final NodeId NODE = new NodeId("n1");
  private static final Duration LEASE = Duration.ofMinutes(1);
  private static final Vertx VERTX = Vertx.vertx();
  private static final Stores STORES = Stores.open(VERTX, TestStores.fresh(Map.of()));
  private static final TaskQueue QUEUE = new TaskQueue(STORES.redis());

  @AfterAll
  static void close() {
    STORES.close().await();
    VERTX.close().await();
  }

  @RepeatedTest(15)
  void theBoundHoldsGroupsComeInOrderAndNothingWaitsWhileThereIsRoom(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    STORES.redis().send(Request.cmd(Command.FLUSHDB)).await();
    List<Candidate> fleet = new ArrayList<>();
    for (int i = 0; i < 2 + random.nextInt(6); i++) {
      int slots = 1 + random.nextInt(5);
      int share = slots * (random.nextInt(4) == 0 ? 10 : 100);
      InstanceId id = new InstanceId("i-" + i);
      fleet.add(new Candidate(id, NODE, slots, random.nextInt(2), share));
    }
    int room = fleet.stream().mapToInt(Candidate::maxConcurrency).sum();
    List<TaskRow> tasks = new ArrayList<>();
    for (int i = 0; i < room + 3; i++) {
      tasks.add(Tasks.row("t" + i, "acme", null));
    }
    QUEUE.add(tasks);
    QUEUE.built(QUEUE.building());
    Map<InstanceId, Integer> loads = new HashMap<>();
    for (int i = 0; i < room + 3; i++) {
      List<Candidate> asked = new ArrayList<>(fleet);
      Collections.shuffle(asked, random);
      asked.sort((a, b) -> Integer.compare(a.group(), b.group()));
      var task = QUEUE.take(NODE, LEASE, 1).orElseThrow().getFirst();
      Chosen chosen = QUEUE.choose(NODE, List.of(new Asking(task, asked))).getFirst();
      if (i >= room) {
        assertThat(chosen.slot()).isEqualTo(Slot.FULL);
        QUEUE.finish(NODE, List.of(task));
        continue;
      }
      assertThat(chosen.candidate()).isEqualTo(expected(asked, loads));
      loads.merge(asked.get(asked.indexOf(chosen.candidate())).instance(), 1, Integer::sum);
    }
    fleet.forEach(
        each ->
            assertThat(loads.getOrDefault(each.instance(), 0)).isEqualTo(each.maxConcurrency()));
  }

  /// The first of the first group with room that keeps the bound; else the first with room.
  private static Candidate expected(List<Candidate> asked, Map<InstanceId, Integer> loads) {
    int group =
        asked.stream()
            .filter(each -> load(each, loads) < each.maxConcurrency())
            .mapToInt(Candidate::group)
            .min()
            .orElseThrow();
    List<Candidate> peers = asked.stream().filter(each -> each.group() == group).toList();
    int total = peers.stream().mapToInt(each -> load(each, loads)).sum();
    int shares = peers.stream().mapToInt(Candidate::share).sum();
    List<Candidate> free =
        peers.stream().filter(each -> load(each, loads) < each.maxConcurrency()).toList();
    return free.stream()
        .filter(each -> load(each, loads) < Math.ceil(1.25 * (total + 1) * each.share() / shares))
        .findFirst()
        .orElse(free.getFirst());
  }

  private static int load(Candidate each, Map<InstanceId, Integer> loads) {
    return loads.getOrDefault(each.instance(), 0);
  }
}
