package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.QueueResult.Purged;
import dev.flotilla.contract.QueueResult.Replayed;
import dev.flotilla.contract.QueueResult.TaskAttempts;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeadLetterIT {
  private final CommandFleet fleet = CommandFleet.of("n1");
  private final List<TaskId> dead = new ArrayList<>();

  @BeforeEach
  void threeDeadLetters() {
    fleet.registry.begin =
        order -> new RunState.Failed(order.prompt().equals("b") ? "OTHER" : "BAD", "no", false);
    for (String prompt : List.of("a", "b", "c")) {
      TaskView task =
          fleet.create(ALICE, Map.of("prompt", prompt, "labels", List.of("team:" + prompt)));
      fleet.awaitState(task.id(), TaskState.FAILED);
      dead.add(task.id());
    }
    fleet.registry.begin =
        _ -> new RunState.Succeeded(new TaskOutcome("ok", null, null, null, null));
  }

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void deadLettersAreListedNewestFirstAndFiltered() {
    TaskPage page = list(Map.of("limit", 2));
    assertThat(page.items()).extracting(TaskView::id).containsExactly(dead.get(2), dead.get(1));
    TaskPage next = list(Map.of("cursor", String.valueOf(page.nextCursor())));
    assertThat(next.items()).extracting(TaskView::id).containsExactly(dead.get(0));
    assertThat(list(Map.of("reason", "OTHER")).items())
        .extracting(TaskView::id)
        .containsExactly(dead.get(1));
    assertThat(list(Map.of("label", "team:c")).items())
        .extracting(TaskView::id)
        .containsExactly(dead.get(2));
    assertThat(list(Map.of("since", fleet.clock.millis() + 60_000)).items()).isEmpty();
  }

  @Test
  void aDryRunChangesNothingAndAReplayKeepsIdAndHistory() {
    Replayed dry = replay(Map.of("reason", "BAD", "dryRun", true));
    assertThat(dry.ids()).containsExactly(dead.get(0), dead.get(2));
    assertThat(fleet.get(dead.get(0)).state()).isEqualTo(TaskState.FAILED);
    assertThat(replay(Map.of("reason", "BAD")).matched()).isEqualTo(2);
    fleet.awaitState(dead.get(0), TaskState.SUCCEEDED);
    fleet.awaitState(dead.get(2), TaskState.SUCCEEDED);
    assertThat(fleet.get(dead.get(1)).state()).isEqualTo(TaskState.FAILED);
    assertThat(
            fleet
                .ask(
                    ALICE,
                    CommandKind.TASK_ATTEMPTS,
                    Map.of("id", dead.get(0).value()),
                    null,
                    TaskAttempts.class)
                .items())
        .hasSize(2);
  }

  @Test
  void oneOrAllAreReplayedAndNeverThoseOfAnotherTenant() {
    var bob = CommandFleet.principal("globex", "bob", Role.ADMIN);
    Map<String, Object> one = Map.of("ids", List.of(dead.get(1).value()));
    assertThat(fleet.ask(bob, CommandKind.DEAD_LETTER_REPLAY, one, "x", Replayed.class).ids())
        .isEmpty();
    assertThat(replay(one).ids()).containsExactly(dead.get(1));
    assertThat(replay(Map.of("all", true)).ids()).containsExactly(dead.get(0), dead.get(2));
    dead.forEach(id -> fleet.awaitState(id, TaskState.SUCCEEDED));
  }

  @Test
  void nobodyReplaysAllBySayingNothing() {
    assertThat(fleet.refused(ALICE, CommandKind.DEAD_LETTER_REPLAY, Map.of(), "y").field())
        .isEqualTo("all");
  }

  @Test
  void aPurgeNeedsTheNumberThatItDeletes() {
    Map<String, Object> wrong = Map.of("all", true, "confirm", 2);
    assertThat(fleet.refused(ALICE, CommandKind.DEAD_LETTER_PURGE, wrong, "p1").reason())
        .isEqualTo(Reason.WRONG_STATE);
    assertThat(
            fleet.refused(ALICE, CommandKind.DEAD_LETTER_PURGE, Map.of("all", true), "p2").field())
        .isEqualTo("confirm");
    assertThat(purge(Map.of("all", true, "dryRun", true)).matched()).isEqualTo(3);
    assertThat(list(Map.of()).items()).hasSize(3);
    Map<String, Object> tooMany = Map.of("all", true, "confirm", 10_001);
    assertThat(fleet.refused(ALICE, CommandKind.DEAD_LETTER_PURGE, tooMany, "p3").field())
        .isEqualTo("confirm");
    TaskId one = list(Map.of()).items().getFirst().id();
    assertThat(purge(Map.of("all", true, "confirm", 3)).purged()).isEqualTo(3);
    assertThat(list(Map.of()).items()).isEmpty();
    assertThat(fleet.history(one).getLast()).startsWith("purged#");
    assertThat(fleet.row("select count(*) from task_attempts").getLong(0)).isZero();
  }

  @Test
  void anOperatorMayReplayButNotPurge() {
    var oscar = CommandFleet.principal("acme", "oscar", Role.OPERATOR);
    Map<String, Object> all = Map.of("all", true, "confirm", 3);
    assertThat(fleet.refused(oscar, CommandKind.DEAD_LETTER_PURGE, all, "q").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
  }

  private TaskPage list(Map<String, Object> filter) {
    return fleet.ask(ALICE, CommandKind.DEAD_LETTER_LIST, filter, null, TaskPage.class);
  }

  private Replayed replay(Map<String, Object> which) {
    return fleet.ask(
        ALICE, CommandKind.DEAD_LETTER_REPLAY, which, Ids.next(fleet.clock), Replayed.class);
  }

  private Purged purge(Map<String, Object> which) {
    return fleet.ask(
        ALICE, CommandKind.DEAD_LETTER_PURGE, which, Ids.next(fleet.clock), Purged.class);
  }
}
