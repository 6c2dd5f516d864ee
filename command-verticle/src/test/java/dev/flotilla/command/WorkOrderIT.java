package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.DependencyPage;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must hold whatever people do to the same project at the same time, on three nodes.
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
}
