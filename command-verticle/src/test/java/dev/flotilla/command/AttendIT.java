package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.WORK_ITEM_ATTEND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.bus.Addresses;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.PeopleFact;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Attendance;
import dev.flotilla.contract.WorkResult.Attendant;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.Event;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who is at a work item, on three nodes that all could tell.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttendIT {
  private static final String UNTIL = "flotilla:{attend}:until";

  private final CommandFleet fleet =
      new CommandFleet(Map.of("FLOTILLA_PRESENCE_LEASE", "60s"), "n1", "n2", "n3");

  @AfterAll
  void stop() {
    fleet.close();
  }

  private List<Fact> hear(Board board) {
    List<Fact> heard = new CopyOnWriteArrayList<>();
    fleet
        .bus
        .listen(
            Addresses.events(board.user.tenant()),
            batch -> batch.events().stream().map(Event::fact).forEach(heard::add))
        .ready()
        .await();
    return heard;
  }

  private static Attendance say(Board board, Principal who, WorkItem item, Object... what) {
    Object[] params = new Object[what.length + 2];
    params[0] = "id";
    params[1] = item.id().value();
    System.arraycopy(what, 0, params, 2, what.length);
    return board.ask(who, WORK_ITEM_ATTEND, Attendance.class, params);
  }

  private static PeopleFact.AtItem at(
      WorkItem item, String user, PresenceStatus status, boolean viewing, boolean editing) {
    return new PeopleFact.AtItem(
        item.projectId(), item.sprintId(), item.id(), new UserId(user), status, viewing, editing);
  }

  private static PeopleFact.Typing typing(WorkItem item, boolean typing) {
    return new PeopleFact.Typing(
        item.projectId(), item.sprintId(), item.id(), new UserId("alice"), typing);
  }

  private @Nullable Response redis(Command command, Object... arguments) {
    Request request = Request.cmd(command);
    for (Object argument : arguments) {
      request.arg(argument.toString());
    }
    return fleet.stores.redis().send(request).await();
  }

  @Test
  void whatIsSaidIsToldOnceAndWhoLeavesHasLeft() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    Principal bob = CommandFleet.principal(board.user.tenant().value(), "bob", Role.VIEWER);
    List<Fact> heard = hear(board);

    assertThat(say(board, board.user, item, "viewing", true).until()).isNotNull();
    // The same again is told to nobody.
    say(board, board.user, item, "viewing", true);
    Attendance both = say(board, bob, item, "viewing", true, "editing", true);
    assertThat(both.people())
        .containsExactly(
            new Attendant(new UserId("alice"), true, false, false),
            new Attendant(new UserId("bob"), true, true, false));
    Attendance left = say(board, bob, item);
    assertThat(left.until()).isNull();

    await().until(() -> heard.size() >= 3);
    assertThat(heard)
        .startsWith(
            at(item, "alice", PresenceStatus.ONLINE, true, false),
            at(item, "bob", PresenceStatus.ONLINE, true, true),
            at(item, "bob", PresenceStatus.ONLINE, false, false));
    assertThat(board.facts()).noneMatch(PeopleFact.class::isInstance);
  }

  @Test
  void whoIsNotHeardOfAnyMoreHasLeftAndThatIsToldOnceThoughNodesGo() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item", "sprintId", board.sprint("one").id().value());
    List<Fact> heard = hear(board);
    fleet.start("n4");
    say(board, board.user, item, "viewing", true, "typing", true);
    fleet.stop("n4");

    // Nobody says it again.
    String stay = board.user.tenant() + "|" + item.id() + "|alice";
    redis(Command.ZADD, UNTIL, 0, stay);
    await().until(() -> heard.size() >= 4);
    // All that was due before this one has been told before it.
    say(board, board.user, item, "editing", true);
    PeopleFact.AtItem again = at(item, "alice", PresenceStatus.ONLINE, false, true);
    await().until(() -> heard.contains(again));
    assertThat(heard.subList(0, heard.indexOf(again)))
        .containsExactly(
            at(item, "alice", PresenceStatus.ONLINE, true, false),
            typing(item, true),
            at(item, "alice", PresenceStatus.OFFLINE, false, false),
            typing(item, false));
  }

  @Test
  void whoSaysItAgainStays() {
    Board board = new Board(fleet);
    WorkItem item = board.item("item");
    say(board, board.user, item, "viewing", true);
    String stay = board.user.tenant() + "|" + item.id() + "|alice";
    // As if most of the lease had gone by.
    long soon = fleet.clock.millis() + 20_000;
    redis(Command.ZADD, UNTIL, soon, stay);
    say(board, board.user, item, "viewing", true);
    assertThat(Double.parseDouble(String.valueOf(redis(Command.ZSCORE, UNTIL, stay))))
        .isGreaterThan((double) soon);
  }

  @Test
  void nobodyIsAtAnItemThatIsNotThere() {
    Board board = new Board(fleet);
    assertThat(board.refused(WORK_ITEM_ATTEND, "id", "nowhere", "viewing", true))
        .isEqualTo(Reason.NOT_FOUND);
  }
}
