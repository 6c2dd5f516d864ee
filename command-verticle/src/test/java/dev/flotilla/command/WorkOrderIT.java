package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.DependencyPage;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must hold whatever people do to the same project at the same time, on three nodes, or while
/// they are away.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkOrderIT {
  private static final int ITEMS = 12;
  private static final int CHANGES = 60;

  private final CommandFleet fleet = CommandFleet.of("n1", "n2", "n3");

  @AfterAll
  void stop() {
    fleet.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13})
  void everyItemHasOnePlaceAndNobodyIsAPartOfHimself(long seed) {
    Random random = new Random(seed);
    Board board = new Board(fleet);
    List<String> ids = items(board);
    List<Future<RawJson>> sent = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      sent.add(move(board, ids, random));
      rest(sent);
    }
    Future.join(sent).otherwiseEmpty().await();

    sent.forEach(WorkOrderIT::requireAnswerOrConflict);
    List<WorkItem> items = board.ordered();
    assertThat(items).hasSize(ITEMS);
    Map<String, List<Integer>> places = new HashMap<>();
    items.forEach(
        item ->
            places
                .computeIfAbsent(String.valueOf(item.parentId()), _ -> new ArrayList<>())
                .add(item.position()));
    places.forEach(
        (parent, positions) ->
            assertThat(positions)
                .as("children of %s", parent)
                .isEqualTo(IntStream.range(0, positions.size()).boxed().toList()));
    Map<String, List<String>> parents = new HashMap<>();
    items.forEach(
        item -> {
          if (item.parentId() != null) {
            parents.put(item.id().value(), List.of(item.parentId().value()));
          }
        });
    requireAcyclic(parents);
  }

  private static Future<RawJson> move(Board board, List<String> ids, Random random) {
    String id = ids.get(random.nextInt(ITEMS));
    String other = ids.get(random.nextInt(ITEMS));
    int position = random.nextInt(4);
    return switch (random.nextInt(4)) {
      case 0 -> board.send(CommandKind.WORK_ITEM_MOVE, "id", id, "position", position);
      case 1 -> board.send(CommandKind.WORK_ITEM_MOVE, "id", id, "afterId", other);
      case 2 ->
          board.send(CommandKind.WORK_ITEM_MOVE, "id", id, "parentId", other, "position", position);
      default -> board.send(CommandKind.WORK_ITEM_MOVE, "id", id, "clear", List.of("parentId"));
    };
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23})
  void nothingEverWaitsForItself(long seed) {
    Random random = new Random(seed);
    Board board = new Board(fleet);
    List<String> ids = items(board);
    List<Future<RawJson>> sent = new ArrayList<>();
    for (int i = 0; i < CHANGES; i++) {
      sent.add(
          board.send(
              CommandKind.DEPENDENCY_CREATE,
              "blockingItemId",
              ids.get(random.nextInt(ITEMS)),
              "blockedItemId",
              ids.get(random.nextInt(ITEMS))));
      rest(sent);
    }
    Future.join(sent).otherwiseEmpty().await();

    sent.forEach(WorkOrderIT::requireAnswerOrConflict);
    Map<String, List<String>> waits = new HashMap<>();
    Set<String> made = new HashSet<>();
    for (String id : ids) {
      DependencyPage page =
          board.ask(
              CommandKind.DEPENDENCY_LIST, DependencyPage.class, "workItemId", id, "limit", 200);
      for (Dependency each : page.items()) {
        made.add(each.id().value());
        waits
            .computeIfAbsent(each.blockedItemId().value(), _ -> new ArrayList<>())
            .add(each.blockingItemId().value());
      }
    }
    assertThat(made).hasSize((int) sent.stream().filter(Future::succeeded).count());
    assertThat(made).hasSizeGreaterThan(ITEMS / 2);
    requireAcyclic(waits);
  }

  private static List<String> items(Board board) {
    return IntStream.range(0, ITEMS).mapToObj(i -> board.item("i" + i).id().value()).toList();
  }

  /// Ten at once race enough; more would wait for locks and connections longer than they may.
  private static void rest(List<Future<RawJson>> sent) {
    if (sent.size() % 10 == 0) {
      Future.join(sent).otherwiseEmpty().await();
    }
  }

  /// A change may be refused for what another has done; anything else is a bug.
  private static void requireAnswerOrConflict(Future<RawJson> outcome) {
    if (outcome.failed()) {
      assertThat(outcome.cause()).isInstanceOf(FaultException.class);
      assertThat(((FaultException) outcome.cause()).fault().reason())
          .isIn(Reason.INVALID_FIELD, Reason.DEPENDENCY_CYCLE, Reason.ALREADY_EXISTS);
    }
  }

  private static void requireAcyclic(Map<String, List<String>> edges) {
    Set<String> sound = new HashSet<>();
    edges.keySet().forEach(node -> visit(node, edges, new TreeSet<>(), sound));
  }

  private static void visit(
      String node, Map<String, List<String>> edges, Set<String> path, Set<String> sound) {
    if (sound.contains(node)) {
      return;
    }
    assertThat(path.add(node)).as("a circle: %s", path).isTrue();
    edges.getOrDefault(node, List.of()).forEach(next -> visit(next, edges, path, sound));
    path.remove(node);
    sound.add(node);
  }

  /// Each client sends its own changes in its own order; how those of the two come together is up
  /// to chance.
  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43})
  void twoClientsThatComeBackInAnyOrderMakeTheSameBoard(long seed) {
    Random random = new Random(seed);
    List<OfflineChange> changes = OfflineChange.some(24, random);
    List<List<String>> boards = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Board board = new Board(fleet);
      OfflineChange.prepare(board);
      long from = board.item("the last").createdAt().toEpochMilli() + 1;
      await().until(() -> fleet.clock.millis() > from + OfflineChange.SPAN);
      Deque<OfflineChange> one = of(0, changes);
      Deque<OfflineChange> other = of(1, changes);
      while (!one.isEmpty() || !other.isEmpty()) {
        boolean first = other.isEmpty() || (!one.isEmpty() && random.nextBoolean());
        Map<String, Object> next = (first ? one : other).remove().envelope(from);
        SyncOutcome outcome = Away.sync(board, List.of(next)).getFirst();
        assertThat(outcome.reason()).as("%s", outcome).isNull();
      }
      boards.add(OfflineChange.state(board));
    }
    assertThat(boards.get(1)).isEqualTo(boards.getFirst());
    assertThat(boards.get(2)).isEqualTo(boards.getFirst());
  }

  private static Deque<OfflineChange> of(int client, List<OfflineChange> changes) {
    return new ArrayDeque<>(changes.stream().filter(change -> change.client() == client).toList());
  }

  /// Of two changes at the same time the one with the greater name wins, so that the order in which
  /// they arrive does not matter.
  @ParameterizedTest
  @ValueSource(longs = {31, 32, 33})
  void whoeverComesBackFirstTheItemIsTheSame(long seed) {
    Random random = new Random(seed);
    Board board = new Board(fleet);
    List<Away> items = Stream.generate(() -> Away.from(board)).limit(3).toList();
    long from = items.getLast().made() + 1;
    // All of it has happened by the time that anybody comes back.
    items.getLast().awaitClock(from + 5);
    List<Consumer<Away>> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String name = "c" + i;
      String field = random.nextBoolean() ? "title" : "description";
      long at = from + random.nextInt(4);
      changes.add(away -> away.sync(name, at, field, name));
    }
    for (Away item : items) {
      Collections.shuffle(changes, random);
      changes.forEach(change -> change.accept(item));
    }
    List<WorkItem> after = items.stream().map(Away::item).map(board::get).toList();
    assertThat(after.stream().map(WorkItem::title).distinct()).hasSize(1);
    assertThat(after.stream().map(WorkItem::description).distinct()).hasSize(1);
  }
}
