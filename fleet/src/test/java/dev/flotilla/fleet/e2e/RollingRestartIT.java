package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.client.ResumingClient;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Three forked nodes, of which each is stopped and started again while people work: nobody loses
/// anything, nobody is turned away, and afterwards the sessions are spread evenly again.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RollingRestartIT {
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final int WATCHERS = 30;
  private static final int AUTHORS = 3;
  private static final int NODES = 3;

  private final Vertx vertx = Vertx.vertx();
  private final List<EventTape> tapes = new ArrayList<>();
  private final List<ResumingClient> watchers = new ArrayList<>();
  private FleetProcess fleet;
  private Desk desk;

  @BeforeAll
  void start() throws Exception {
    fleet = FleetProcess.up(FleetProcess.kept("rolling"), NODES);
    desk = new Desk(fleet, vertx, "tenant-" + UUID.randomUUID());
    for (int i = 0; i < WATCHERS; i++) {
      EventTape tape = new EventTape();
      tapes.add(tape);
      watchers.add(desk.stay(vertx, 1 + i % NODES, tape, List.of("tasks")));
    }
  }

  @AfterAll
  void stop() throws Exception {
    for (ResumingClient watcher : watchers) {
      watcher.close();
    }
    fleet.stop();
    fleet.close();
    vertx.close().await();
  }

  @Test
  void aRollingRestartUnderLoadLosesNothingAndTurnsNobodyAwayAndRebalancingEvensTheSessions()
      throws Exception {
    Load load = new Load();
    for (int node = 1; node <= NODES; node++) {
      restart(node);
    }
    everybodyIsBack();
    load.stop();

    assertThat(watchers).allSatisfy(watcher -> assertThat(watcher.refusals()).isZero());
    assertThat(watchers).allSatisfy(watcher -> assertThat(watcher.returns()).isPositive());
    everyWatcherHasSeen(load.created());

    // The node that was started last has nobody now.
    await("nobody else's sessions")
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              Map<String, Integer> before = sessions();
              assertThat(before.get("n3")).isZero();
              assertThat(before.values().stream().mapToInt(Integer::intValue).sum())
                  .isEqualTo(WATCHERS);
            });
    JsonObject answer =
        desk.platform(1, "/api/v1/registry/nodes/rebalance", new JsonObject().put("fraction", 1));
    assertThat(answer.getInteger("moving")).isEqualTo(WATCHERS / NODES);
    await("even sessions")
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(sessions())
                    .containsOnly(
                        Map.entry("n1", WATCHERS / NODES),
                        Map.entry("n2", WATCHERS / NODES),
                        Map.entry("n3", WATCHERS / NODES)));
    everybodyIsBack();
    assertThat(watchers).allSatisfy(watcher -> assertThat(watcher.refusals()).isZero());
    List<String> created = new ArrayList<>(load.created());
    created.add(desk.create(2, "after all that"));
    everyWatcherHasSeen(created);
  }

  private void restart(int node) throws Exception {
    long pid = fleet.node(node).pid();
    fleet.terminate(node);
    await("node " + node + " again")
        .atMost(LIMIT)
        .ignoreExceptions()
        .until(() -> fleet.node(node).pid() != pid && fleet.isReady(node));
  }

  private void everybodyIsBack() {
    await("everybody")
        .atMost(LIMIT)
        .until(() -> watchers.stream().allMatch(at -> at.node() != null));
  }

  private Map<String, Integer> sessions() throws Exception {
    Map<String, Integer> sessions = new HashMap<>();
    JsonObject page = desk.platform(1, "/api/v1/registry/nodes", null);
    for (Object item : page.getJsonArray("items")) {
      JsonObject node = (JsonObject) item;
      sessions.put(node.getString("id"), node.getInteger("sessions"));
    }
    return sessions;
  }

  /// Each task's first event once, and every position of the log once, in order.
  private void everyWatcherHasSeen(List<String> created) {
    for (EventTape tape : tapes) {
      await("all events").atMost(LIMIT).until(() -> queued(tape).size() >= created.size());
      assertThat(queued(tape)).containsExactlyInAnyOrderElementsOf(created);
      assertThat(tape.seqs())
          .containsExactlyElementsOf(LongStream.rangeClosed(1, tape.lastSeq()).boxed().toList());
    }
  }

  private static List<String> queued(EventTape tape) {
    return tape.frames().stream()
        .filter(frame -> "task".equals(frame.getString("event")))
        .map(frame -> frame.getJsonObject("payload"))
        .filter(payload -> "queued".equals(payload.getString("change")))
        .map(payload -> payload.getJsonObject("task").getString("id"))
        .toList();
  }

  /// People who create one task after the other, each on a session that stays.
  private final class Load {
    private final Queue<String> ids = new ConcurrentLinkedQueue<>();
    private final List<ResumingClient> authors;
    private final List<io.vertx.core.Future<?>> last = new ArrayList<>();
    private volatile boolean stopped;

    Load() {
      authors =
          IntStream.rangeClosed(1, AUTHORS)
              .mapToObj(node -> desk.stay(vertx, node, _ -> {}, List.of("tasks")))
              .toList();
      authors.forEach(author -> last.add(next(author)));
    }

    private io.vertx.core.Future<?> next(ResumingClient author) {
      if (stopped) {
        return io.vertx.core.Future.succeededFuture();
      }
      return author
          .request("task.create", new JsonObject().put("prompt", "load"), Desk.key())
          .onSuccess(task -> ids.add(task.getString("id")))
          .compose(_ -> vertx.timer(20))
          .compose(_ -> next(author));
    }

    List<String> created() {
      return List.copyOf(ids);
    }

    void stop() {
      stopped = true;
      io.vertx.core.Future.all(last).await();
      authors.forEach(ResumingClient::close);
    }
  }
}
