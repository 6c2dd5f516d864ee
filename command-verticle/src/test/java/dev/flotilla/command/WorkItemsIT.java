package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.ACTIVITY_LIST;
import static dev.flotilla.contract.CommandKind.PROJECT_CREATE;
import static dev.flotilla.contract.CommandKind.PROJECT_DELETE;
import static dev.flotilla.contract.CommandKind.PROJECT_RESTORE;
import static dev.flotilla.contract.CommandKind.PROJECT_UPDATE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_CREATE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_DELETE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_GET;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_LIST;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_MOVE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_RESTORE;
import static dev.flotilla.contract.CommandKind.WORK_ITEM_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.FieldChange;
import dev.flotilla.contract.ItemFact;
import dev.flotilla.contract.ProjectFact;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.ActivityEntry;
import dev.flotilla.contract.WorkResult.ActivityPage;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.contract.WorkResult.WorkItemPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.Role;
import dev.flotilla.log.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkItemsIT {
  private final CommandFleet fleet = CommandFleet.of();

  @BeforeAll
  void start() {
    fleet.start("n1");
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  @Test
  void aChangeIsToldWithWhatIsDifferentAndWhoDidItOnTheTopicsOfItsPlaces() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem item = board.item("Fix login", "sprintId", sprint.id().value(), "storyPoints", 3);

    WorkItem changed =
        board.ask(
            WORK_ITEM_UPDATE,
            WorkItem.class,
            "id",
            item.id().value(),
            "revision",
            1,
            "status",
            "done",
            "assigneeId",
            "bob",
            "labels",
            List.of("auth", "web"),
            "storyPoints",
            3,
            "clear",
            List.of("description"));

    assertThat(changed).isEqualTo(board.get(item));
    assertThat(changed.revision()).isEqualTo(2);
    Event event = board.events().getLast();
    assertThat(event.actor()).isEqualTo("alice");
    assertThat(event.topics())
        .containsExactlyInAnyOrder(
            Topic.project(item.projectId()), Topic.sprint(sprint.id()), Topic.item(item.id()));
    assertThat(event.fact())
        .isEqualTo(
            new ItemFact.Updated(
                changed,
                List.of(
                    new FieldChange("status", "todo", "done"),
                    new FieldChange("assigneeId", null, "bob"),
                    new FieldChange("labels", null, "auth, web"))));
  }

  @Test
  void aProjectIsToldWithWhatIsDifferentAndWhoDidItOnItsTopic() {
    Board board = new Board(fleet);
    board.ask(PROJECT_UPDATE, Project.class, "id", board.project, "name", "Pages");
    // Nothing is different.
    board.ask(PROJECT_UPDATE, Project.class, "id", board.project, "name", "Pages");
    board.ask(PROJECT_DELETE, WorkRemoved.class, "id", board.project);
    board.ask(PROJECT_RESTORE, Project.class, "id", board.project);

    assertThat(board.facts())
        .satisfiesExactly(
            made ->
                assertThat(made)
                    .isInstanceOfSatisfying(
                        ProjectFact.Created.class,
                        it -> assertThat(it.project().name()).isEqualTo("Website")),
            changed ->
                assertThat(changed)
                    .isInstanceOfSatisfying(
                        ProjectFact.Updated.class,
                        it -> {
                          assertThat(it.changes())
                              .containsExactly(new FieldChange("name", "Website", "Pages"));
                          assertThat(it.project().revision()).isEqualTo(2);
                        }),
            gone ->
                assertThat(gone).isEqualTo(new ProjectFact.Deleted(new ProjectId(board.project))),
            back ->
                assertThat(back)
                    .isInstanceOfSatisfying(
                        ProjectFact.Updated.class,
                        it ->
                            assertThat(it.changes())
                                .containsExactly(new FieldChange("deleted", "true", null))));
    assertThat(board.events())
        .allSatisfy(
            event -> {
              assertThat(event.actor()).isEqualTo("alice");
              assertThat(event.topics())
                  .containsExactly(Topic.project(new ProjectId(board.project)));
            });
  }

  @Test
  void activityIsWhatWasAskedForAndNothingElse() {
    Board board = new Board(fleet);
    Sprint sprint = board.sprint("one");
    WorkItem item = board.item("planned", "sprintId", sprint.id().value());
    WorkItem other = board.item("not planned");
    Principal bob = CommandFleet.principal(board.user.tenant().value(), "bob", Role.OPERATOR);
    board.ask(bob, WORK_ITEM_UPDATE, WorkItem.class, "id", other.id().value(), "title", "bobs");
    board.ask(PROJECT_CREATE, Project.class, "id", "elsewhere", "name", "Elsewhere");

    assertThat(seqs(board)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(seqs(board, "projectIds", List.of(board.project)))
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(seqs(board, "projectIds", List.of("elsewhere"))).containsExactly(6L);
    assertThat(seqs(board, "sprintIds", List.of(sprint.id().value()))).containsExactly(2L, 3L);
    assertThat(seqs(board, "workItemIds", List.of(item.id().value(), other.id().value())))
        .containsExactly(3L, 4L, 5L);
    assertThat(seqs(board, "actor", "bob")).containsExactly(5L);
    assertThat(seqs(board, "type", List.of("work_item.created", "sprint.created")))
        .containsExactly(2L, 3L, 4L);
    assertThat(seqs(board, "actor", "alice", "type", List.of("work_item.updated"))).isEmpty();
    assertThat(seqs(board, "since", "4")).containsExactly(5L, 6L);
    // What happened at a time is there again, and nothing after it is left out.
    String time = item.createdAt().toString();
    assertThat(seqs(board, "since", time)).contains(3L, 4L, 5L, 6L);
    ActivityPage first =
        board.ask(
            ACTIVITY_LIST, ActivityPage.class, "limit", 4, "projectIds", List.of(board.project));
    assertThat(first.more()).isTrue();
    assertThat(first.items()).extracting(ActivityEntry::seq).containsExactly(1L, 2L, 3L, 4L);
    assertThat(seqs(board, "since", first.next())).containsExactly(5L, 6L);
  }

  private static List<Long> seqs(Board board, Object... params) {
    return board.ask(ACTIVITY_LIST, ActivityPage.class, params).items().stream()
        .map(ActivityEntry::seq)
        .toList();
  }

  @Test
  void whatIsNoChangeIsNotTold() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    int told = board.events().size();

    WorkItem same =
        board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "title", "Fix login");

    assertThat(same).isEqualTo(item);
    assertThat(board.events()).hasSize(told);
  }

  @Test
  void theDescriptionIsToldOnlyWhereItHasChanged() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login", "description", "long");
    board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "status", "done");
    assertThat(board.lastFact())
        .isInstanceOfSatisfying(
            ItemFact.Updated.class, told -> assertThat(told.workItem().description()).isNull());

    board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "description", "new");
    assertThat(board.lastFact())
        .isInstanceOfSatisfying(
            ItemFact.Updated.class,
            told -> assertThat(told.workItem().description()).isEqualTo("new"));
  }

  @Test
  void aChangeThatWasMeantForAnEarlierRevisionIsRefused() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    String id = item.id().value();
    board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", id, "revision", 1, "status", "done");

    assertThat(board.refused(WORK_ITEM_UPDATE, "id", id, "revision", 1, "status", "todo"))
        .isEqualTo(Reason.STALE_REVISION);
    assertThat(board.refused(WORK_ITEM_MOVE, "id", id, "revision", 1, "position", 0))
        .isEqualTo(Reason.STALE_REVISION);
    assertThat(board.get(item).status()).isEqualTo("done");
  }

  @Test
  void aStatusIsOneOfTheProjectsSteps() {
    Board board = new Board(fleet);
    WorkItem item = board.item("Fix login");
    assertThat(item.status()).isEqualTo("todo");
    assertThat(board.refused(WORK_ITEM_UPDATE, "id", item.id().value(), "status", "blocked"))
        .isEqualTo(Reason.INVALID_FIELD);

    board.ask(
        PROJECT_UPDATE,
        Project.class,
        "id",
        board.project,
        "statuses",
        List.of("todo", "blocked", "done"));
    board.ask(WORK_ITEM_UPDATE, WorkItem.class, "id", item.id().value(), "status", "blocked");
    assertThat(board.get(item).status()).isEqualTo("blocked");
  }

  @Test
  void aMoveChangesTheOrderAndRewritesNoSibling() {
    Board board = new Board(fleet);
    List<WorkItem> items = new ArrayList<>();
    for (String title : List.of("a", "b", "c", "d")) {
      items.add(board.item(title));
    }
    List<String> before = versions(board, items.getLast());

    WorkItem moved =
        board.ask(
            WORK_ITEM_MOVE, WorkItem.class, "id", items.getLast().id().value(), "position", 1);

    assertThat(board.titles()).containsExactly("a", "d", "b", "c");
    assertThat(board.ordered()).extracting(WorkItem::position).containsExactly(0, 1, 2, 3);
    assertThat(versions(board, items.getLast())).isEqualTo(before);
    assertThat(board.lastFact())
        .isEqualTo(
            new ItemFact.Moved(
                moved.projectId(), moved.id(), null, null, null, null, 1, moved.rank(), 2L));

    board.ask(
        WORK_ITEM_MOVE,
        WorkItem.class,
        "id",
        items.getFirst().id().value(),
        "afterId",
        items.get(2).id().value());
    assertThat(board.titles()).containsExactly("d", "b", "c", "a");
  }

  /// What PostgreSQL calls the rows of all but one: it is another where a row was written.
  private List<String> versions(Board board, WorkItem but) {
    List<String> versions = new ArrayList<>();
    fleet
        .stores
        .postgres()
        .preparedQuery(
            "select id || ' ' || xmin::text as version from work_items"
                + " where tenant = $1 and id <> $2 order by id")
        .execute(io.vertx.sqlclient.Tuple.of(board.user.tenant().value(), but.id().value()))
        .await()
        .forEach(row -> versions.add(row.getString("version")));
    return versions;
  }

  @Test
  void aMoveIntoASprintIsHeardInBothSprints() {
    Board board = new Board(fleet);
    Sprint one = board.sprint("one");
    Sprint two = board.sprint("two");
    WorkItem item = board.item("Fix login", "sprintId", one.id().value());

    board.ask(
        WORK_ITEM_MOVE, WorkItem.class, "id", item.id().value(), "sprintId", two.id().value());

    assertThat(board.events().getLast().topics())
        .contains(Topic.sprint(one.id()), Topic.sprint(two.id()));
    WorkItem backlog =
        board.ask(
            WORK_ITEM_MOVE, WorkItem.class, "id", item.id().value(), "clear", List.of("sprintId"));
    assertThat(backlog.sprintId()).isNull();
  }

  @Test
  void nothingIsAPartOfItself() {
    Board board = new Board(fleet);
    WorkItem epic = board.item("epic");
    WorkItem story = board.item("story", "parentId", epic.id().value());
    WorkItem task = board.item("task", "parentId", story.id().value());

    assertThat(
            board.refused(WORK_ITEM_MOVE, "id", epic.id().value(), "parentId", task.id().value()))
        .isEqualTo(Reason.INVALID_FIELD);
    assertThat(
            board.refused(WORK_ITEM_MOVE, "id", epic.id().value(), "parentId", epic.id().value()))
        .isEqualTo(Reason.INVALID_FIELD);
  }

  @Test
  void whatIsDeletedIsHiddenWithItsPartsAndComesBackWithThem() {
    Board board = new Board(fleet);
    WorkItem epic = board.item("epic");
    WorkItem gone = board.item("gone", "parentId", epic.id().value());
    WorkItem story = board.item("story", "parentId", epic.id().value());
    String id = epic.id().value();
    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", gone.id().value());

    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", id);

    assertThat(board.titles()).isEmpty();
    assertThat(board.refused(WORK_ITEM_GET, "id", story.id().value())).isEqualTo(Reason.NOT_FOUND);
    assertThat(board.refused(WORK_ITEM_UPDATE, "id", id, "title", "x")).isEqualTo(Reason.NOT_FOUND);
    assertThat(board.refused(WORK_ITEM_RESTORE, "id", story.id().value()))
        .isEqualTo(Reason.WRONG_STATE);
    assertThat(
            board
                .ask(
                    WORK_ITEM_LIST, WorkItemPage.class, "projectId", board.project, "deleted", true)
                .items())
        .hasSize(3);

    board.ask(WORK_ITEM_RESTORE, WorkItem.class, "id", id);

    assertThat(board.titles()).containsExactlyInAnyOrder("epic", "story");
    assertThat(board.facts()).filteredOn(ItemFact.Deleted.class::isInstance).hasSize(3);
  }

  @Test
  void aClientMayNameAThingOnceAndOnlyInAProjectThatIsThere() {
    Board board = new Board(fleet);
    board.item("a", "id", "mine");
    assertThat(
            board.refused(
                WORK_ITEM_CREATE,
                "id",
                "mine",
                "projectId",
                board.project,
                "itemType",
                "task",
                "title",
                "b"))
        .isEqualTo(Reason.ALREADY_EXISTS);
    board.ask(PROJECT_DELETE, WorkRemoved.class, "id", board.project);
    assertThat(
            board.refused(
                WORK_ITEM_CREATE, "projectId", board.project, "itemType", "task", "title", "b"))
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void itemsAreFoundByTheirWords() {
    Board board = new Board(fleet);
    board.item("Fix login", "description", "It fails for names with an umlaut.");
    board.item("Fix logout");
    WorkItem gone = board.item("Fix login page");
    board.ask(WORK_ITEM_DELETE, WorkRemoved.class, "id", gone.id().value());

    assertThat(found(board, "fix")).containsExactlyInAnyOrder("Fix login", "Fix logout");
    assertThat(found(board, "login")).containsExactly("Fix login");
    assertThat(found(board, "fix -umlaut")).containsExactly("Fix logout");
    assertThat(found(board, "'\"; drop table")).isEmpty();
  }

  private static List<String> found(Board board, String words) {
    return board
        .ask(WORK_ITEM_LIST, WorkItemPage.class, "projectId", board.project, "text", words)
        .items()
        .stream()
        .map(WorkItem::title)
        .toList();
  }

  @Test
  void pagesHoldEverythingOnce() {
    Board board = new Board(fleet);
    for (int i = 0; i < 7; i++) {
      board.item("item " + i);
    }
    List<String> seen = new ArrayList<>();
    WorkItemPage page = page(board, null);
    page.items().forEach(item -> seen.add(item.title()));
    while (page.nextCursor() != null) {
      page = page(board, page.nextCursor());
      page.items().forEach(item -> seen.add(item.title()));
    }
    assertThat(seen)
        .containsExactly("item 6", "item 5", "item 4", "item 3", "item 2", "item 1", "item 0");
  }

  private static WorkItemPage page(Board board, @org.jspecify.annotations.Nullable String cursor) {
    return cursor == null
        ? board.ask(WORK_ITEM_LIST, WorkItemPage.class, "projectId", board.project, "limit", 3)
        : board.ask(
            WORK_ITEM_LIST,
            WorkItemPage.class,
            "projectId",
            board.project,
            "limit",
            3,
            "cursor",
            cursor);
  }
}
