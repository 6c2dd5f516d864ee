package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.WORK_ITEM_GET;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_MOVE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.Reason;
import java.util.List;
import java.util.Map;
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

  @Test
  void eachFieldIsWonByItsLaterChangeAndWhatWonIsTold() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    away.awaitClock(away.made() + 2);
    WorkItem online = update(away, "status", "done");

    SyncOutcome outcome =
        away.sync(
            "c1", online.updatedAt().toEpochMilli() - 1, "title", "new", "status", "in_progress");

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.MERGED);
    LostField lost = outcome.lost().getFirst();
    assertThat(lost.field()).isEqualTo("status");
    assertThat(lost.value()).isEqualTo("done");
    assertThat(lost.at()).isEqualTo(online.updatedAt());
    assertThat(board.get(away.item()).title()).isEqualTo("new");
    assertThat(board.get(away.item()).status()).isEqualTo("done");
    assertThat(board.lastFact())
        .isInstanceOfSatisfying(
            ItemFact.Updated.class,
            told ->
                assertThat(told.changes())
                    .singleElement()
                    .satisfies(change -> assertThat(change.fieldName()).isEqualTo("title")));
  }

  private static WorkItem update(Away away, String field, String value) {
    String id = away.item().id().value();
    return away.board().ask(WORK_ITEM_UPDATE, WorkItem.class, "id", id, field, value);
  }

  /// A client that heard no answer says it all once more.
  @Test
  void whatIsSentAgainIsAppliedOnce() {
    Away away = Away.from(new Board(fleet));
    away.assertAppliedOnce("c1", away.made() + 1, "title", "new");
  }

  @Test
  void aChangeThatComesTooLateForAllItsFieldsIsRejected() {
    SyncOutcome outcome = Away.from(new Board(fleet)).sync("c1", 1_000, "title", "ancient");
    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(outcome.lost()).extracting(LostField::value).containsExactly("old");
  }

  @Test
  void oneThatIsRefusedDoesNotStopTheOthers() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    long at = away.made() + 1;
    Map<String, Object> nobodys = away.envelope("c1", at, "title", "x");
    nobodys.put("workItemId", "nobody-has-this");

    List<SyncOutcome> outcomes =
        Away.sync(
            board,
            List.of(
                nobodys,
                away.envelope("c2", at, "status", "nowhere", "title", "x"),
                away.envelope("c3", at, "clear", List.of("description"), "title", "new")));

    assertThat(outcomes)
        .extracting(SyncOutcome::outcome)
        .containsExactly(SyncVerdict.REJECTED, SyncVerdict.REJECTED, SyncVerdict.APPLIED);
    assertThat(outcomes)
        .extracting(SyncOutcome::reason)
        .containsExactly("NOT_FOUND", "INVALID_FIELD", null);
    assertThat(board.get(away.item()).title()).isEqualTo("new");
  }

  @Test
  void aClockThatIsFastDoesNotWinForEver() {
    Away away = Away.from(new Board(fleet));
    away.sync("c1", away.made() + 86_400_000, "title", "from the future");

    update(away, "title", "now");
    SyncOutcome outcome = away.sync("c0", away.made(), "title", "late");

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(away.board().get(away.item()).title()).isEqualTo("now");
  }

  @Test
  void aPlaceIsMergedAsAnyOtherField() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem parent = board.item("parent");
    Away away = Away.from(board);
    String id = away.item().id().value();
    away.awaitClock(away.made() + 2);
    WorkItem moved =
        board.ask(WORK_ITEM_MOVE, WorkItem.class, "id", id, "sprintId", sprint.id().value());

    SyncOutcome outcome =
        away.sync(
            "c1",
            moved.updatedAt().toEpochMilli() - 1,
            "clear",
            List.of("sprintId"),
            "parentId",
            parent.id().value(),
            "rank",
            "b00");

    assertThat(outcome.outcome()).isEqualTo(SyncVerdict.MERGED);
    assertThat(outcome.lost())
        .singleElement()
        .satisfies(
            lost -> {
              assertThat(lost.field()).isEqualTo("sprintId");
              assertThat(lost.value()).isEqualTo(sprint.id().value());
            });
    WorkItem after = board.get(away.item());
    assertThat(after).isEqualTo(outcome.workItem());
    assertThat(after.parentId()).isEqualTo(parent.id());
    assertThat(after.sprintId()).isEqualTo(sprint.id());
    assertThat(after.rank()).isEqualTo("b00");
    assertThat(board.lastFact()).isInstanceOf(ItemFact.Moved.class);
  }

  @Test
  void aPlaceThatIsTakenIsTheNextOne() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    WorkItem other = board.item("other");
    WorkItem last = board.item("last");
    long at = last.createdAt().toEpochMilli() + 1;

    away.assertAppliedOnce("c1", at, "rank", String.valueOf(other.rank()));
    assertThat(board.titles()).containsExactly("other", "old", "last");
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1", "a10", "A00000000000000000000000000", "zz"})
  void whatIsNoRankIsRefused(String rank) {
    Away away = Away.from(new Board(fleet));
    assertThat(away.sync("c1", away.made() + 1, "rank", rank).reason()).isEqualTo("INVALID_FIELD");
  }

  @Test
  void whatIsChangedOfADeletedItemIsKeptForItsReturn() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    long at = away.made();
    away.awaitClock(at + 5);
    assertThat(away.sync("c1", at + 2, "deleted", true).workItem()).isNull();
    assertThat(board.refused(WORK_ITEM_GET, "id", away.item().id().value()))
        .isEqualTo(Reason.NOT_FOUND);
    int told = board.events().size();

    SyncOutcome kept = away.sync("c2", at + 3, "title", "new");
    assertThat(kept.outcome()).isEqualTo(SyncVerdict.MERGED);
    assertThat(kept.lost()).extracting(LostField::field).containsExactly("deleted");
    assertThat(board.events()).hasSize(told);

    SyncOutcome late = away.sync("c3", at + 1, "deleted", false);
    assertThat(late.outcome()).isEqualTo(SyncVerdict.REJECTED);
    SyncOutcome back = away.sync("c4", at + 4, "deleted", false);
    assertThat(back.outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.get(away.item()).title()).isEqualTo("new");
  }

  @Test
  void anEnvelopeThatMixesThingsIsRefused() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    long at = away.made() + 1;
    List<SyncOutcome> outcomes =
        Away.sync(
            board,
            List.of(
                away.envelope("c1", at, "title", "x", "deleted", true),
                away.envelope("c2", at, "content", "x"),
                away.envelope("c3", at, "commentId", "c", "title", "x"),
                away.envelope("c4", at, "commentId", "c", "timeEntryId", "t", "content", "x"),
                away.envelope("c5", at, "timeEntryId", "t", "description", "no beginning"),
                away.envelope("c6", at)));
    assertThat(outcomes).extracting(SyncOutcome::reason).containsOnly("INVALID_FIELD");
    assertThat(board.get(away.item())).isEqualTo(away.item());
  }
}
