package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.WORK_ITEM_UPDATE;
import static dev.flotilla.contract.CommandKind.WORK_SYNC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.contract.WorkResult.Synced;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
