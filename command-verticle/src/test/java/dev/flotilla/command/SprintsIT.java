package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.DEPENDENCY_CREATE;
import static dev.flotilla.contract.CommandKind.DEPENDENCY_DELETE;
import static dev.flotilla.contract.CommandKind.SPRINT_COMPLETE;
import static dev.flotilla.contract.CommandKind.SPRINT_DELETE;
import static dev.flotilla.contract.CommandKind.SPRINT_START;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_START;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_STOP;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_UPDATE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_DELETE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_RESTORE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.DependencyFact;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.SprintFact;
import dev.flotilla.contract.SprintStats;
import dev.flotilla.contract.SprintStatus;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.SprintReview;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Sprints and dependencies of work items.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SprintsIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void aSprintIsStartedOnceAndCompletedWithWhatItCameTo() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    Sprint next = board.sprint("two");
    String id = sprint.id().value();
    WorkItem done = board.item("a", "sprintId", id, "storyPoints", 5, "status", "done");
    WorkItem open = board.item("b", "sprintId", id, "storyPoints", 3);
    TimeEntry entry = board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", done.id().value());
    board.ask(TIME_ENTRY_STOP, TimeEntry.class);
    board.ask(
        TIME_ENTRY_UPDATE,
        TimeEntry.class,
        "id",
        entry.id().value(),
        "startedAt",
        1_000,
        "endedAt",
        3_601_000);
    assertThat(board.refused(SPRINT_COMPLETE, "id", id)).isEqualTo(Reason.WRONG_STATE);

    Sprint started = board.ask(SPRINT_START, Sprint.class, "id", id);
    assertThat(started.status()).isEqualTo(SprintStatus.ACTIVE);
    assertThat(board.lastFact()).isInstanceOf(SprintFact.Started.class);
    assertThat(board.refused(SPRINT_START, "id", id)).isEqualTo(Reason.WRONG_STATE);

    SprintReview review =
        board.ask(
            SPRINT_COMPLETE,
            SprintReview.class,
            "id",
            id,
            "openItems",
            "sprint",
            "nextSprintId",
            next.id().value());

    SprintStats stats = new SprintStats(2, 1, 8, 5, 3600);
    assertThat(review.stats()).isEqualTo(stats);
    assertThat(review.movedItems()).isEqualTo(1);
    assertThat(board.get(open).sprintId()).isEqualTo(next.id());
    assertThat(board.get(done).sprintId()).isEqualTo(sprint.id());
    assertThat(board.lastFact())
        .isInstanceOfSatisfying(
            SprintFact.Completed.class, told -> assertThat(told.stats()).isEqualTo(stats));
  }

  @Test
  void ofTwoSprintsThatAreCompletedIntoEachOtherOneIs() {
    Board board = new Board(fleet);
    for (int i = 0; i < 8; i++) {
      String one = active(board, "one");
      String two = active(board, "two");
      List<Future<RawJson>> sent =
          List.of(completeInto(board, one, two), completeInto(board, two, one));
      Future.join(sent).otherwiseEmpty().await();

      assertThat(sent).filteredOn(Future::succeeded).hasSize(1);
      assertThat(sent)
          .filteredOn(Future::failed)
          .extracting(Future::cause)
          .extracting(cause -> Objects.requireNonNull(FaultException.in(cause)).reason())
          .containsExactly(Reason.INVALID_FIELD);
    }
  }

  /// With an open item.
  private static String active(Board board, String name) {
    String id = board.sprint(name).id().value();
    board.item("left open", "sprintId", id);
    board.ask(SPRINT_START, Sprint.class, "id", id);
    return id;
  }

  private static Future<RawJson> completeInto(Board board, String id, String next) {
    return board.send(SPRINT_COMPLETE, "id", id, "openItems", "sprint", "nextSprintId", next);
  }

  @Test
  void theItemsOfADeletedSprintAreInTheBacklog() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem item = board.item("a", "sprintId", sprint.id().value());
    board.ask(SPRINT_DELETE, WorkRemoved.class, "id", sprint.id().value());
    assertThat(board.get(item).sprintId()).isNull();
  }

  /// Whoever puts an item into a sprint waits for the one who is deleting it, and hears of that.
  @ParameterizedTest
  @EnumSource(names = {"WORK_ITEM_MOVE", "WORK_ITEM_CREATE"})
  void nothingGetsIntoASprintThatIsBeingDeleted(CommandKind kind) {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("Sprint 7");
    WorkItem item = board.item("late");
    Object[] params =
        kind == CommandKind.WORK_ITEM_MOVE
            ? new Object[] {"id", item.id().value(), "sprintId", sprint.id().value()}
            : new Object[] {
              "projectId",
              board.project,
              "itemType",
              "task",
              "title",
              "new",
              "sprintId",
              sprint.id().value()
            };
    Pool pool = fleet.stores.postgres();
    SqlConnection deleting = pool.getConnection().await();
    Future<RawJson> sent;
    try {
      Transaction transaction = deleting.begin().await();
      deleting
          .preparedQuery(
              "update sprints set deleted_at = now() where tenant = $1 and id = $2 returning"
                  + " pg_backend_pid()")
          .execute(Tuple.of(board.user.tenant().value(), sprint.id().value()))
          .await();
      sent = board.send(kind, params);
      await().until(() -> sent.isComplete() || somebodyWaits(deleting));
      transaction.commit().await();
    } finally {
      deleting.close().await();
    }
    await().until(sent::isComplete);
    assertThat(sent.failed()).isTrue();
    assertThat(board.get(item).sprintId()).isNull();
  }

  /// For what this connection holds.
  private static boolean somebodyWaits(SqlConnection holder) {
    return holder
        .query(
            "select exists(select 1 from pg_stat_activity a"
                + " where pg_backend_pid() = any(pg_blocking_pids(a.pid)))")
        .execute()
        .await()
        .iterator()
        .next()
        .getBoolean(0);
  }

  @Test
  void anItemThatWasHiddenComesBackIntoTheBacklogOnceItsSprintIsDeleted() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("Sprint 7");
    WorkItem item = board.item("hidden", "sprintId", sprint.id().value());
    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", item.id().value());
    board.ask(SPRINT_DELETE, WorkRemoved.class, "id", sprint.id().value());

    WorkItem restored = board.ask(WORK_ITEM_RESTORE, WorkItem.class, "id", item.id().value());

    assertThat(restored.sprintId()).isNull();
  }

  @Test
  void aDependencyIsToldAtBothEndsAndACircleIsRefused() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem a = board.item("a", "sprintId", sprint.id().value());
    WorkItem b = board.item("b");
    WorkItem c = board.item("c");
    Dependency first = depend(board, a, b);
    assertThat(board.events().getLast().topics())
        .contains(Topic.item(a.id()), Topic.item(b.id()), Topic.sprint(sprint.id()));
    assertThat(board.lastFact()).isInstanceOf(DependencyFact.Created.class);
    depend(board, b, c);

    assertThat(
            board.refused(
                DEPENDENCY_CREATE,
                "blockingItemId",
                c.id().value(),
                "blockedItemId",
                a.id().value()))
        .isEqualTo(Reason.DEPENDENCY_CYCLE);

    board.ask(DEPENDENCY_DELETE, WorkRemoved.class, "id", first.id().value());
    depend(board, c, a);
  }

  private static Dependency depend(Board board, WorkItem blocking, WorkItem blocked) {
    return board.ask(
        DEPENDENCY_CREATE,
        Dependency.class,
        "blockingItemId",
        blocking.id().value(),
        "blockedItemId",
        blocked.id().value());
  }
}
