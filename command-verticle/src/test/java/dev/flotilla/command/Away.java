package dev.flotilla.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Comment;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.contract.WorkResult.Synced;
import dev.flotilla.contract.WorkResult.TimeEntryPage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A client that has changed one item, and what there is around it, while it was away.
record Away(Board board, WorkItem item) {

  static Away from(Board board) {
    return new Away(board, board.item("old"));
  }

  /// When the item was made, in milliseconds.
  long made() {
    return item.createdAt().toEpochMilli();
  }

  /// Until then nothing that is said to be so late would be believed.
  void awaitClock(long millis) {
    await().until(() -> board.fleet.clock.millis() > millis);
  }

  Map<String, Object> envelope(String change, long at, Object... fields) {
    Map<String, Object> envelope = new HashMap<>();
    envelope.put("correlationId", change);
    envelope.put("workItemId", item.id().value());
    envelope.put("at", at);
    for (int i = 0; i < fields.length; i += 2) {
      envelope.put((String) fields[i], fields[i + 1]);
    }
    return envelope;
  }

  /// Comes back with one change.
  SyncOutcome sync(String change, long at, Object... fields) {
    return sync(board, List.of(envelope(change, at, fields))).getFirst();
  }

  /// The change is applied, and sent again it changes nothing and tells nobody.
  void assertAppliedOnce(String change, long at, Object... fields) {
    assertThat(sync(change, at, fields).outcome()).isEqualTo(SyncVerdict.APPLIED);
    int told = board.events().size();

    assertThat(sync(change, at, fields).outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(board.events()).hasSize(told);
  }

  static List<SyncOutcome> sync(Board board, List<Map<String, Object>> envelopes) {
    return board.ask(CommandKind.WORK_SYNC, Synced.class, "envelopes", envelopes).outcomes();
  }

  List<Comment> comments() {
    return board
        .ask(CommandKind.COMMENT_LIST, CommentPage.class, "workItemId", item.id().value())
        .items();
  }

  List<TimeEntry> times() {
    return board
        .ask(CommandKind.TIME_ENTRY_LIST, TimeEntryPage.class, "workItemId", item.id().value())
        .items();
  }
}
