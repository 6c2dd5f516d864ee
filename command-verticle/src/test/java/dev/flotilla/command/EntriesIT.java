package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.COMMENT_ADD;
import static dev.flotilla.contract.CommandKind.COMMENT_DELETE;
import static dev.flotilla.contract.CommandKind.COMMENT_LIST;
import static dev.flotilla.contract.CommandKind.COMMENT_UPDATE;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_LIST;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_START;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_STOP;
import static dev.flotilla.contract.CommandKind.TIME_ENTRY_UPDATE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_DELETE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.CommentFact;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.TimeFact;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.TimeEntryPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// What people add to work items, each for themselves: comments, and times that were spent.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EntriesIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterAll
  void stop() {
    fleet.close();
  }

  private Principal bob(Board board) {
    return principal(board.user.tenant().value(), "bob", Role.OPERATOR);
  }

  @Test
  void aCommentIsItsAuthorsToEdit() {
    Board board = new Board(fleet);
    WorkItem item = board.item("a");
    Comment comment = comment(board, item);
    String id = comment.id().value();
    assertThat(board.lastFact()).isEqualTo(new CommentFact.Added(item.projectId(), null, comment));

    assertThat(board.refused(bob(board), COMMENT_UPDATE, "id", id, "content", "x"))
        .isEqualTo(Reason.NOT_OWNER);
    assertThat(board.refused(bob(board), COMMENT_DELETE, "id", id)).isEqualTo(Reason.NOT_OWNER);
    Comment edited = board.ask(COMMENT_UPDATE, Comment.class, "id", id, "content", "Not yet.");
    assertThat(edited.updatedAt()).isNotNull();
    assertThat(comments(board, item)).containsExactly(edited);

    Principal admin = principal(board.user.tenant().value(), "root", Role.ADMIN);
    board.ask(admin, COMMENT_DELETE, WorkRemoved.class, "id", id);
    assertThat(comments(board, item)).isEmpty();
  }

  private static Comment comment(Board board, WorkItem item) {
    return board.ask(
        COMMENT_ADD, Comment.class, "workItemId", item.id().value(), "content", "Ready.");
  }

  private static List<Comment> comments(Board board, WorkItem item) {
    return board.ask(COMMENT_LIST, CommentPage.class, "workItemId", item.id().value()).items();
  }

  @Test
  void aTimerOfAnItemThatIsDeletedCanBeStopped() {
    Board board = new Board(fleet);
    WorkItem gone = board.item("gone");
    board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", gone.id().value());
    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", gone.id().value());
    assertThat(board.ask(TIME_ENTRY_STOP, TimeEntry.class).endedAt()).isNotNull();
    WorkItem next = board.item("next");
    board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", next.id().value());
  }

  @Test
  void aUserHasOneTimerHoweverManyAreStartedAtOnce() {
    Board board = new Board(fleet);
    WorkItem item = board.item("a");
    List<Future<RawJson>> sent = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      sent.add(board.send(TIME_ENTRY_START, "workItemId", item.id().value()));
    }
    Future.join(sent).otherwiseEmpty().await();

    assertThat(sent).filteredOn(Future::succeeded).hasSize(1);
    assertThat(running(board)).hasSize(1);
    board.ask(bob(board), TIME_ENTRY_START, TimeEntry.class, "workItemId", item.id().value());
    assertThat(board.refused(TIME_ENTRY_START, "workItemId", item.id().value()))
        .isEqualTo(Reason.WRONG_STATE);

    TimeEntry stopped = board.ask(TIME_ENTRY_STOP, TimeEntry.class);

    assertThat(stopped.durationSeconds()).isNotNull().isNotNegative();
    assertThat(board.lastFact()).isEqualTo(new TimeFact.Stopped(item.projectId(), null, stopped));
    assertThat(board.refused(TIME_ENTRY_STOP)).isEqualTo(Reason.WRONG_STATE);
    assertThat(running(board)).extracting(entry -> entry.userId().value()).containsExactly("bob");
  }

  private static List<TimeEntry> running(Board board) {
    return board.ask(TIME_ENTRY_LIST, TimeEntryPage.class, "running", true).items();
  }

  @Test
  void aCommentThatWasEditedMeanwhileIsNotOverwritten() {
    Board board = new Board(fleet);
    WorkItem item = board.item("a");
    Comment comment = comment(board, item);
    assertThat(comment.revision()).isEqualTo(1);
    String id = comment.id().value();
    Comment edited =
        board.ask(COMMENT_UPDATE, Comment.class, "id", id, "revision", 1, "content", "Not yet.");
    assertThat(edited.revision()).isEqualTo(2);
    assertThat(board.lastFact()).isEqualTo(new CommentFact.Updated(item.projectId(), null, edited));
    assertThat(board.refused(COMMENT_UPDATE, "id", id, "revision", 1, "content", "Ready!"))
        .isEqualTo(Reason.STALE_REVISION);
    assertThat(comments(board, item)).containsExactly(edited);
  }

  @Test
  void aTimeEntryThatWasChangedMeanwhileIsNotOverwritten() {
    Board board = new Board(fleet);
    String item = board.item("a").id().value();
    TimeEntry running = board.ask(TIME_ENTRY_START, TimeEntry.class, "workItemId", item);
    String id = running.id().value();
    assertThat(running.revision()).isEqualTo(1);
    assertThat(board.ask(TIME_ENTRY_STOP, TimeEntry.class).revision()).isEqualTo(2);
    assertThat(board.refused(TIME_ENTRY_UPDATE, "id", id, "revision", 1, "description", "x"))
        .isEqualTo(Reason.STALE_REVISION);
    TimeEntry adjusted =
        board.ask(TIME_ENTRY_UPDATE, TimeEntry.class, "id", id, "revision", 2, "description", "y");
    assertThat(adjusted.revision()).isEqualTo(3);
    assertThat(adjusted.description()).isEqualTo("y");
    assertThat(adjusted.endedAt()).isNotNull();
  }
}
