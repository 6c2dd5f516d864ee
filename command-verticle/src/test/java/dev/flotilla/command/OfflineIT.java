package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.COMMENT_ADD;
import static dev.flotilla.contract.CommandKind.COMMENT_LIST;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_LIST;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_START;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_GET;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_MOVE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_UPDATE;
import static dev.flotilla.contract.CommandKind.WORK_SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.TimeFact;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.contract.WorkResult.Synced;
import dev.flotilla.contract.WorkResult.TimeEntryPage;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What clients have changed while they were away.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfflineIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterAll
  void stop() {
    fleet.close();
  }

  private static Map<String, Object> envelope(
      WorkItem item, String change, long at, Object... fields) {
    Map<String, Object> envelope = new HashMap<>();
    envelope.put("correlationId", change);
    envelope.put("workItemId", item.id().value());
    envelope.put("at", at);
    for (int i = 0; i < fields.length; i += 2) {
      envelope.put((String) fields[i], fields[i + 1]);
    }
    return envelope;
  }

  private void awaitClock(long millis) {
    await().until(() -> fleet.clock.millis() > millis);
  }

  private static List<SyncOutcome> sync(Board board, List<Map<String, Object>> envelopes) {
    return board.ask(WORK_SYNC, Synced.class, "envelopes", envelopes).outcomes();
  }

  private static SyncOutcome one(Board board, Map<String, Object> envelope) {
    return sync(board, List.of(envelope)).getFirst();
  }

  @Test
  void eachFieldIsWonByItsLaterChangeAndWhatWonIsTold() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    awaitClock(item.createdAt().toEpochMilli() + 2);
    WorkItem online =
        board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "status", "done");
    long then = online.updatedAt().toEpochMilli();

    SyncOutcome outcome =
        one(board, envelope(item, "c1", then - 1, "title", "new", "status", "in_progress"));

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.MERGED);
    LostField lost = outcome.lost().getFirst();
    assertThat(lost.field()).isEqualTo("status");
    assertThat(lost.value()).isEqualTo("done");
    assertThat(lost.at()).isEqualTo(online.updatedAt());
    assertThat(board.get(item).title()).isEqualTo("new");
    assertThat(board.get(item).status()).isEqualTo("done");
    assertThat(board.lastFact())
        .isInstanceOfSatisfying(
            ItemFact.Updated.class,
            told ->
                assertThat(told.changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.fieldName()).isEqualTo("title")));
  }

  @Test
  void whatIsSentAgainIsAppliedOnce() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    Map<String, Object> envelope =
        envelope(item, "c1", item.createdAt().toEpochMilli() + 1, "title", "new");
    assertThat(one(board, envelope).outcome()).isEqualTo(SyncVerdict.APPLIED);
    int told = board.events().size();

    assertThat(one(board, envelope).outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.events()).hasSize(told);
  }

  @Test
  void aChangeThatComesTooLateForAllItsFieldsIsRejected() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    SyncOutcome outcome = one(board, envelope(item, "c1", 1_000, "title", "ancient"));
    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(outcome.lost()).extracting(LostField::value).containsExactly("old");
  }

  @Test
  void oneThatIsRefusedDoesNotStopTheOthers() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    long at = item.createdAt().toEpochMilli() + 1;
    Map<String, Object> nobodys = envelope(item, "c1", at, "title", "x");
    nobodys.put("workItemId", "nobody-has-this");

    List<SyncOutcome> outcomes =
        sync(
            board,
            List.of(
                nobodys,
                envelope(item, "c2", at, "status", "nowhere", "title", "x"),
                envelope(item, "c3", at, "clear", List.of("description"), "title", "new")));

    assertThat(outcomes)
        .extracting(SyncOutcome::outcome)
        .containsExactly(SyncVerdict.REJECTED, SyncVerdict.REJECTED, SyncVerdict.APPLIED);
    assertThat(outcomes)
        .extracting(SyncOutcome::reason)
        .containsExactly("NOT_FOUND", "INVALID_FIELD", null);
    assertThat(board.get(item).title()).isEqualTo("new");
  }

  @Test
  void aClockThatIsFastDoesNotWinForEver() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    long future = item.createdAt().plusSeconds(86_400).toEpochMilli();
    one(board, envelope(item, "c1", future, "title", "from the future"));

    board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "title", "now");
    SyncOutcome outcome =
        one(board, envelope(item, "c0", item.createdAt().toEpochMilli(), "title", "late"));

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(board.get(item).title()).isEqualTo("now");
  }

  @Test
  void aPlaceIsMergedAsAnyOtherField() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem parent = board.item("parent");
    WorkItem item = board.item("item");
    awaitClock(item.createdAt().toEpochMilli() + 2);
    WorkItem moved =
        board.ask(
            WORK_ITEM_MOVE,
            WorkItem.class,
            "id",
            item.id().value(),
            "sprintId",
            sprint.id().value());

    SyncOutcome outcome =
        one(
            board,
            envelope(
                item,
                "c1",
                moved.updatedAt().toEpochMilli() - 1,
                "clear",
                List.of("sprintId"),
                "parentId",
                parent.id().value(),
                "rank",
                "b00"));

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.MERGED);
    assertThat(outcome.lost())
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.field()).isEqualTo("sprintId");
              assertThat(lost.value()).isEqualTo(sprint.id().value());
            });
    WorkItem after = board.get(item);
    assertThat(after).isEqualTo(outcome.workItem());
    assertThat(after.parentId()).isEqualTo(parent.id());
    assertThat(after.sprintId()).isEqualTo(sprint.id());
    assertThat(after.rank()).isEqualTo("b00");
    assertThat(board.lastFact()).isInstanceOf(ItemFact.Moved.class);
  }

  @Test
  void aPlaceThatIsTakenIsTheNextOne() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    WorkItem other = board.item("other");
    WorkItem last = board.item("last");
    Map<String, Object> envelope =
        envelope(
            item, "c1", last.createdAt().toEpochMilli() + 1, "rank", String.valueOf(other.rank()));

    assertThat(one(board, envelope).outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.titles()).containsExactly("other", "item", "last");
    int told = board.events().size();
    assertThat(one(board, envelope).outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.events()).hasSize(told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1", "a10", "A00000000000000000000000000", "zz"})
  void whatIsNoRankIsRefused(String rank) {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    SyncOutcome outcome =
        one(board, envelope(item, "c1", item.createdAt().toEpochMilli() + 1, "rank", rank));
    assertThat(outcome.reason()).isEqualTo("INVALID_FIELD");
  }

  @Test
  void whatIsChangedOfADeletedItemIsKeptForItsReturn() {
    Board board = new Board(fleet);
    WorkItem item = board.item("old");
    awaitClock(item.createdAt().toEpochMilli() + 5);
    long at = item.createdAt().toEpochMilli();
    assertThat(one(board, envelope(item, "c1", at + 2, "deleted", true)).workItem()).isNull();
    assertThat(board.refused(WORK_ITEM_GET, "id", item.id().value())).isEqualTo(Reason.NOT_FOUND);
    int told = board.events().size();

    SyncOutcome kept = one(board, envelope(item, "c2", at + 3, "title", "new"));
    assertThat(kept.outcome()).isEqualTo(SyncVerdict.MERGED);
    assertThat(kept.lost()).extracting(LostField::field).containsExactly("deleted");
    assertThat(board.events()).hasSize(told);

    SyncOutcome late = one(board, envelope(item, "c3", at + 1, "deleted", false));
    assertThat(late.outcome()).isEqualTo(SyncVerdict.REJECTED);
    SyncOutcome back = one(board, envelope(item, "c4", at + 4, "deleted", false));
    assertThat(back.outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.get(item).title()).isEqualTo("new");
  }

  @Test
  void aCommentIsMadeOnceEditedByItsLaterChangeAndNeverComesBack() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    long at = item.createdAt().toEpochMilli();
    Map<String, Object> made =
        envelope(item, "c1", at + 1, "commentId", "comment-1", "content", "first");
    assertThat(one(board, made).comment()).isNotNull();
    assertThat(one(board, made).outcome()).isEqualTo(SyncVerdict.APPLIED);
    awaitClock(at + 5);
    one(board, envelope(item, "c3", at + 3, "commentId", "comment-1", "content", "third"));
    SyncOutcome late =
        one(board, envelope(item, "c2", at + 2, "commentId", "comment-1", "content", "second"));

    assertThat(late.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(late.lost()).extracting(LostField::value).containsExactly("third");
    assertThat(comments(board, item)).extracting(Comment::content).containsExactly("third");

    one(board, envelope(item, "c0", at + 1, "commentId", "comment-1", "deleted", true));
    SyncOutcome gone =
        one(board, envelope(item, "c5", at + 5, "commentId", "comment-1", "content", "fifth"));
    assertThat(gone.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(gone.lost()).extracting(LostField::field).containsExactly("deleted");
    assertThat(comments(board, item)).isEmpty();
  }

  @Test
  void anotherUsersCommentAndTimeAreLeftAlone() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    Principal bob = CommandFleet.principal(board.user.tenant().value(), "bob", Role.OPERATOR);
    board.ask(
        bob,
        COMMENT_ADD,
        Comment.class,
        "id",
        "bobs",
        "workItemId",
        item.id().value(),
        "content",
        "his");
    board.ask(
        bob, TIME_ENTRY_START, TimeEntry.class, "id", "bobs", "workItemId", item.id().value());
    long at = System.currentTimeMillis();
    for (String thing : List.of("commentId", "timeEntryId")) {
      SyncOutcome outcome = one(board, envelope(item, "c1", at, thing, "bobs", "deleted", true));
      assertThat(outcome.reason()).isEqualTo("NOT_OWNER");
    }
    assertThat(comments(board, item)).hasSize(1);
    assertThat(times(board, item)).hasSize(1);
  }

  @Test
  void timeIsWrittenDownAdjustedAndTakenBack() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    long at = item.createdAt().toEpochMilli();
    awaitClock(at + 5);
    SyncOutcome spent =
        one(
            board,
            envelope(
                item,
                "c1",
                at + 1,
                "timeEntryId",
                "t",
                "startedAt",
                at - 90_000,
                "endedAt",
                at - 30_000));
    assertThat(Objects.requireNonNull(spent.timeEntry()).durationSeconds()).isEqualTo(60);
    assertThat(board.lastFact()).isInstanceOf(TimeFact.Stopped.class);

    one(board, envelope(item, "c3", at + 3, "timeEntryId", "t", "endedAt", at - 60_000));
    one(
        board,
        envelope(
            item, "c2", at + 2, "timeEntryId", "t", "endedAt", at - 10_000, "description", "x"));
    assertThat(times(board, item))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.durationSeconds()).isEqualTo(30);
              assertThat(entry.description()).isEqualTo("x");
            });

    assertThat(
            one(board, envelope(item, "c4", at + 4, "timeEntryId", "t", "endedAt", at + 86_400_000))
                .reason())
        .isEqualTo("INVALID_FIELD");
    one(board, envelope(item, "c5", at + 5, "timeEntryId", "t", "deleted", true));
    assertThat(times(board, item)).isEmpty();
  }

  @Test
  void aTimerThatRanIsEndedByTheClientThatWasAway() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    TimeEntry running =
        board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", item.id().value());
    long at = running.startedAt().toEpochMilli();
    awaitClock(at + 2);
    SyncOutcome ended =
        one(
            board,
            envelope(item, "c1", at + 1, "timeEntryId", running.id().value(), "endedAt", at + 1));
    assertThat(Objects.requireNonNull(ended.timeEntry()).endedAt())
        .isEqualTo(Instant.ofEpochMilli(at + 1));
    assertThat(board.lastFact()).isInstanceOf(TimeFact.Stopped.class);
  }

  @Test
  void anEnvelopeThatMixesThingsIsRefused() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    long at = item.createdAt().toEpochMilli() + 1;
    List<SyncOutcome> outcomes =
        sync(
            board,
            List.of(
                envelope(item, "c1", at, "title", "x", "deleted", true),
                envelope(item, "c2", at, "content", "x"),
                envelope(item, "c3", at, "commentId", "c", "title", "x"),
                envelope(item, "c4", at, "commentId", "c", "timeEntryId", "t", "content", "x"),
                envelope(item, "c5", at, "timeEntryId", "t", "description", "no beginning"),
                envelope(item, "c6", at)));
    assertThat(outcomes).extracting(SyncOutcome::reason).containsOnly("INVALID_FIELD");
    assertThat(board.get(item)).isEqualTo(item);
  }

  private static List<Comment> comments(Board board, WorkItem item) {
    return board.ask(COMMENT_LIST, CommentPage.class, "workItemId", item.id().value()).items();
  }

  private static List<TimeEntry> times(Board board, WorkItem item) {
    return board.ask(TIME_ENTRY_LIST, TimeEntryPage.class, "workItemId", item.id().value()).items();
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
      awaitClock(from + OfflineChange.SPAN);
      Deque<OfflineChange> one = of(0, changes);
      Deque<OfflineChange> other = of(1, changes);
      while (!one.isEmpty() || !other.isEmpty()) {
        boolean first = other.isEmpty() || (!one.isEmpty() && random.nextBoolean());
        SyncOutcome outcome = one(board, (first ? one : other).remove().envelope(from));
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
    List<WorkItem> items = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      items.add(board.item("old"));
    }
    long from = items.getLast().createdAt().toEpochMilli() + 1;
    // All of it has happened by the time that anybody comes back.
    awaitClock(from + 5);
    List<Object[]> changes = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      String field = random.nextBoolean() ? "title" : "description";
      changes.add(new Object[] {"c" + i, from + random.nextInt(4), field, "v" + i});
    }
    for (WorkItem item : items) {
      Collections.shuffle(changes, random);
      for (Object[] change : changes) {
        one(
            board,
            envelope(item, (String) change[0], (Long) change[1], (String) change[2], change[3]));
      }
    }
    assertThat(items.stream().map(board::get).map(WorkItem::title).distinct()).hasSize(1);
    assertThat(items.stream().map(board::get).map(WorkItem::description).distinct()).hasSize(1);
  }
}
