package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.COMMENT_LIST;
import static dev.flotilla.contract.CommandKind.TASK_RETRY;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_ASSIGN_AGENT;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_DELETE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.CommentFact;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.AgentAssigned;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.log.Event;
import dev.flotilla.testkit.Patience;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A work item that is handed to an agent, on two nodes that both could tell it of its task.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AgentWorkIT {
  private static final Duration PATIENCE = Patience.LIMIT;

  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterAll
  void stop() {
    fleet.close();
  }

  private AgentAssigned assign(Board board, WorkItem item, String prompt) {
    AgentAssigned assigned =
        board.ask(
            WORK_ITEM_ASSIGN_AGENT,
            AgentAssigned.class,
            "id",
            item.id().value(),
            "agentId",
            "agent-main",
            "prompt",
            prompt,
            "failStatus",
            "todo");
    assertThat(assigned.workItem().assigneeId()).hasToString("agent-main");
    return assigned;
  }

  private static List<Comment> comments(Board board, WorkItem item) {
    return board.ask(COMMENT_LIST, CommentPage.class, "workItemId", item.id().value()).items();
  }

  private void awaitStatus(Board board, WorkItem item, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(board.get(item).status()).isEqualTo(status));
  }

  @Test
  void theItemFollowsItsTaskAndTheAnswerIsOneCommentOfTheAgent() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    AgentAssigned assigned = assign(board, item, "fix it");

    fleet.awaitStarted("fix it");
    awaitStatus(board, item, "in_progress");
    fleet.registry.succeed(fleet.registry.runOf("fix it"));
    awaitStatus(board, item, "done");

    assertThat(fleet.get(board.user, assigned.task()).state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(comments(board, item))
        .singleElement()
        .satisfies(
            comment -> {
              assertThat(comment.content()).isEqualTo("done");
              assertThat(comment.createdBy()).hasToString("agent-main");
            });
    assertThat(board.events())
        .filteredOn(event -> event.fact() instanceof CommentFact.Added)
        .singleElement()
        .extracting(Event::actor)
        .isEqualTo("agent-main");
  }

  @Test
  void theItemGoesWhereTheAssignmentSaysAndNotWhereItUsuallyWould() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login", "status", "in_progress");
    AgentAssigned assigned =
        board.ask(
            WORK_ITEM_ASSIGN_AGENT,
            AgentAssigned.class,
            "id",
            item.id().value(),
            "prompt",
            "look at it",
            "startStatus",
            "done",
            "doneStatus",
            "todo");
    fleet.awaitStarted("look at it");
    awaitStatus(board, item, "done");
    fleet.registry.succeed(assigned.task() + ".1");
    awaitStatus(board, item, "todo");
  }

  @Test
  void aTaskThatFailsSaysWhyAndTheItemGoesBack() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    assign(board, item, "fail at it");
    fleet.awaitStarted("fail at it");
    awaitStatus(board, item, "in_progress");

    fleet.registry.end(
        fleet.registry.runOf("fail at it"), new RunState.Failed("BROKEN", "no idea", false));

    awaitStatus(board, item, "todo");
    assertThat(comments(board, item))
        .singleElement()
        .extracting(Comment::content)
        .isEqualTo("Task failed: no idea");
  }

  @Test
  void aTaskThatIsTriedAgainByHandIsFollowedAgain() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    AgentAssigned assigned = assign(board, item, "fail at first");
    fleet.awaitStarted("fail at first");
    awaitStatus(board, item, "in_progress");
    fleet.registry.end(
        fleet.registry.runOf("fail at first"), new RunState.Failed("BROKEN", "no idea", false));
    awaitStatus(board, item, "todo");

    board.ask(TASK_RETRY, TaskView.class, "id", assigned.task().value());
    awaitStatus(board, item, "in_progress");
    String second = assigned.task() + ".2";
    await().atMost(PATIENCE).until(() -> !fleet.registry.orders(second).isEmpty());
    fleet.registry.succeed(second);
    awaitStatus(board, item, "done");
    assertThat(comments(board, item)).hasSize(2);
  }

  @Test
  void anItemThatIsDeletedMeanwhileHoldsNothingUp() {
    Board board = new Board(fleet);
    WorkItem gone = board.item("gone");
    WorkItem item = board.item("stays");
    assign(board, gone, "work on what goes");
    assign(board, item, "work on what stays");
    fleet.awaitStarted("work on what goes", "work on what stays");
    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", gone.id().value());

    fleet.registry.succeed(fleet.registry.runOf("work on what goes"));
    fleet.registry.succeed(fleet.registry.runOf("work on what stays"));

    awaitStatus(board, item, "done");
  }

  /// What is wrong with one is made up: nobody can be an agent without a name.
  @Test
  void anItemThatCannotBeToldDoesNotKeepTheOthersWaiting() {
    Board board = new Board(fleet);
    WorkItem broken = board.item("broken");
    WorkItem item = board.item("sound");
    AgentAssigned first = assign(board, broken, "work on what is broken");
    assign(board, item, "work on what is sound");
    fleet.row(
        "update work_item_tasks set agent = '' where task = $1 returning task",
        first.task().value());
    fleet.awaitStarted("work on what is broken", "work on what is sound");

    fleet.registry.succeed(fleet.registry.runOf("work on what is sound"));

    awaitStatus(board, item, "done");
    assertThat(board.get(broken).status()).isEqualTo("todo");
    fleet.row(
        "update work_item_tasks set agent = 'agent-main' where task = $1 returning task",
        first.task().value());
    awaitStatus(board, broken, "in_progress");
  }

  @Test
  void noAgentSpeaksInTheNameOfAUser() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    String tenant = board.user.tenant().value();
    fleet.row(
        "insert into tenants (id, created_by, created_at) values ($1, 'test', now())"
            + " on conflict (id) do update set id = $1 returning id",
        tenant);
    fleet.row(
        "insert into users (tenant, id, roles, created_by, created_at, updated_at)"
            + " values ($1, 'carol', '{}', 'test', now(), now()) returning id",
        tenant);
    for (String name : List.of("carol", "key-1")) {
      assertThat(board.refused(WORK_ITEM_ASSIGN_AGENT, "id", item.id().value(), "agentId", name))
          .isEqualTo(Reason.INVALID_FIELD);
    }
  }

  @Test
  void aStepThatTheProjectDoesNotHaveIsRefusedAndNoTaskIsQueued() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    int told = board.events().size();
    assertThat(
            board.refused(WORK_ITEM_ASSIGN_AGENT, "id", item.id().value(), "doneStatus", "nowhere"))
        .isEqualTo(Reason.INVALID_FIELD);
    assertThat(board.events()).hasSize(told);
    assertThat(board.get(item).assigneeId()).isNull();
  }
}
