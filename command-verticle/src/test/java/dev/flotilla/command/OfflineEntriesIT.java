package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.COMMENT_ADD;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.SyncVerdict;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.TimeFact;
import dev.flotilla.contract.WorkResult.LostField;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What clients have done to comments and time entries while they were away.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OfflineEntriesIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void aCommentIsMadeOnceEditedByItsLaterChangeAndNeverComesBack() {
    Away away = Away.from(new Board(fleet));
    long at = away.made();
    away.assertAppliedOnce("c1", at + 1, "commentId", "comment-1", "content", "first");
    away.awaitClock(at + 5);
    away.sync("c3", at + 3, "commentId", "comment-1", "content", "third");
    SyncOutcome late = away.sync("c2", at + 2, "commentId", "comment-1", "content", "second");

    assertThat(late.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(late.lost()).extracting(LostField::value).containsExactly("third");
    assertThat(away.comments()).extracting(Comment::content).containsExactly("third");

    away.sync("c0", at + 1, "commentId", "comment-1", "deleted", true);
    SyncOutcome gone = away.sync("c5", at + 5, "commentId", "comment-1", "content", "fifth");
    assertThat(gone.outcome()).isEqualTo(SyncVerdict.REJECTED);
    assertThat(gone.lost()).extracting(LostField::field).containsExactly("deleted");
    assertThat(away.comments()).isEmpty();
  }

  @Test
  void anotherUsersCommentAndTimeAreLeftAlone() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    String item = away.item().id().value();
    Principal bob = CommandFleet.principal(board.user.tenant().value(), "bob", Role.OPERATOR);
    board.ask(bob, COMMENT_ADD, Comment.class, "id", "bobs", "workItemId", item, "content", "his");
    board.ask(bob, TIME_ENTRY_START, TimeEntry.class, "id", "bobs", "workItemId", item);
    for (String thing : List.of("commentId", "timeEntryId")) {
      SyncOutcome outcome =
          away.sync("c1", System.currentTimeMillis(), thing, "bobs", "deleted", true);
      assertThat(outcome.reason()).isEqualTo("NOT_OWNER");
    }
    assertThat(away.comments()).hasSize(1);
    assertThat(away.times()).hasSize(1);
  }

  @Test
  void timeIsWrittenDownAdjustedAndTakenBack() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    long at = away.made();
    away.awaitClock(at + 5);
    SyncOutcome spent =
        away.sync(
            "c1", at + 1, "timeEntryId", "t", "startedAt", at - 90_000, "endedAt", at - 30_000);
    assertThat(Objects.requireNonNull(spent.timeEntry()).durationSeconds()).isEqualTo(60);
    assertThat(board.lastFact()).isInstanceOf(TimeFact.Stopped.class);

    away.sync("c3", at + 3, "timeEntryId", "t", "endedAt", at - 60_000);
    away.sync("c2", at + 2, "timeEntryId", "t", "endedAt", at - 10_000, "description", "x");
    assertThat(away.times())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.durationSeconds()).isEqualTo(30);
              assertThat(entry.description()).isEqualTo("x");
            });

    SyncOutcome future = away.sync("c4", at + 4, "timeEntryId", "t", "endedAt", at + 86_400_000);
    assertThat(future.reason()).isEqualTo("INVALID_FIELD");
    away.sync("c5", at + 5, "timeEntryId", "t", "deleted", true);
    assertThat(away.times()).isEmpty();
  }

  @Test
  void aTimerThatIsStoppedMeanwhileStaysStopped() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    String id = away.item().id().value();
    TimeEntry running = board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", id);
    long at = running.startedAt().toEpochMilli() + 1;
    away.awaitClock(at + 1);
    SqlConnection stopping = fleet.stores.postgres().getConnection().await();
    stopping.query("begin").execute().await();
    stopping
        .preparedQuery("update time_entries set ended_at = started_at where id = $1")
        .execute(Tuple.of(running.id().value()))
        .await();
    CompletableFuture<SyncOutcome> synced =
        CompletableFuture.supplyAsync(
            () -> away.sync("c1", at, "timeEntryId", running.id().value(), "description", "late"));
    await()
        .until(
            () ->
                fleet
                    .row(
                        """
                        select count(*)::int from pg_stat_activity
                        where wait_event_type = 'Lock' and datname = current_database()
                        """)
                    .getInteger(0),
            waiting -> waiting > 0);
    stopping.query("commit").execute().await();
    stopping.close().await();
    assertThat(synced.join().outcome()).isEqualTo(SyncVerdict.APPLIED);
    assertThat(away.times())
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.endedAt()).isNotNull();
              assertThat(entry.description()).isEqualTo("late");
            });
  }

  @Test
  void aTimerThatRanIsEndedByTheClientThatWasAway() {
    Board board = new Board(fleet);
    Away away = Away.from(board);
    TimeEntry running =
        board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", away.item().id().value());
    long end = running.startedAt().toEpochMilli() + 1;
    away.awaitClock(end + 1);
    SyncOutcome ended = away.sync("c1", end, "timeEntryId", running.id().value(), "endedAt", end);
    assertThat(Objects.requireNonNull(ended.timeEntry()).endedAt())
        .isEqualTo(Instant.ofEpochMilli(end));
    assertThat(board.lastFact()).isInstanceOf(TimeFact.Stopped.class);
  }
}
