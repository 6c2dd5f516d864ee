package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.COMMENT_LIST;
import static dev.flotilla.contract.CommandKind.SPRINT_CREATE;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_LIST;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_LIST;

import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.TimeEntryPage;
import dev.flotilla.contract.WorkResult.WorkItemPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// A change that a client makes while it is away, on any board that is prepared for it.
///
/// @param client 0 or 1
/// @param at milliseconds after the board was ready
record OfflineChange(int client, String name, int at, String item, Map<String, Object> fields) {
  static final int SPAN = 6;
  private static final int ITEMS = 3;

  /// Where comments and time are; nobody deletes it.
  private static final String KEPT = "kept";

  private static final List<String> STATUSES = List.of("todo", "in_progress", "done");

  static void prepare(Board board) {
    IntStream.range(0, ITEMS).forEach(i -> board.item("old", "id", "i" + i));
    board.item("kept", "id", KEPT);
    for (String id : List.of("s0", "s1")) {
      board.ask(
          SPRINT_CREATE, Sprint.class, "id", id, "projectId", board.project, "name", "Sprint");
    }
  }

  /// Whatever the two do to the same things, and each to comments and times of its own.
  static List<OfflineChange> some(int count, Random random) {
    List<OfflineChange> changes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int client = random.nextInt(2);
      String item = "i" + random.nextInt(ITEMS);
      int kind = random.nextInt(8);
      Map<String, Object> fields =
          switch (kind) {
            case 0 -> Map.of("title", "title " + i);
            case 1 -> Map.of("status", STATUSES.get(random.nextInt(STATUSES.size())));
            case 2 -> Map.of("sprintId", "s" + random.nextInt(2), "title", "moved " + i);
            case 3 -> Map.of("clear", List.of("sprintId"));
            case 4 -> Map.of("parentId", KEPT, "rank", "b1" + (char) ('A' + i));
            case 5 -> Map.of("deleted", random.nextBoolean());
            case 6 -> Map.of("commentId", "c" + client, "content", "comment " + i);
            default ->
                Map.of(
                    "timeEntryId", "t" + client, "startedAt", 1_000, "endedAt", 61_000 + i * 1_000);
          };
      String about = kind < 6 ? item : KEPT;
      changes.add(new OfflineChange(client, "n" + i, random.nextInt(SPAN), about, fields));
    }
    return changes;
  }

  Map<String, Object> envelope(long from) {
    Map<String, Object> envelope = new HashMap<>(fields);
    envelope.put("correlationId", name);
    envelope.put("workItemId", item);
    envelope.put("at", from + at);
    return envelope;
  }

  /// All that clients see of it, in words.
  static List<String> state(Board board) {
    TreeSet<String> state = new TreeSet<>();
    for (boolean deleted : List.of(false, true)) {
      board
          .ask(WORK_ITEM_LIST, WorkItemPage.class, "projectId", board.project, "deleted", deleted)
          .items()
          .forEach(
              item ->
                  state.add(
                      "%s %s %s %s %s %s %s"
                          .formatted(
                              item.id(),
                              deleted,
                              item.title(),
                              item.status(),
                              item.sprintId(),
                              item.parentId(),
                              item.rank())));
    }
    board
        .ask(COMMENT_LIST, CommentPage.class, "workItemId", KEPT)
        .items()
        .forEach(comment -> state.add(comment.id() + " " + comment.content()));
    board
        .ask(TIME_ENTRY_LIST, TimeEntryPage.class, "workItemId", KEPT)
        .items()
        .forEach(entry -> state.add(entry.id() + " " + entry.endedAt()));
    // The last has an id of the fleet's.
    state.removeIf(line -> line.contains("the last"));
    return List.copyOf(state);
  }
}
