package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.MissedRuns;
import dev.flotilla.contract.QueueResult.SchedulePage;
import dev.flotilla.contract.QueueResult.ScheduleRemoved;
import dev.flotilla.contract.QueueResult.ScheduleView;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ScheduleIT {
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aScheduleIsCreatedChangedListedAndDeleted() {
    ScheduleView created = create("nightly", "30 2 * * *", Map.of("zone", "Europe/Berlin"));
    assertThat(created.nextAt()).isAfter(fleet.clock.instant());
    assertThat(created.missed()).isEqualTo(MissedRuns.ONCE);
    assertThat(get("nightly")).isEqualTo(created);
    ScheduleView off =
        change(CommandKind.SCHEDULE_UPDATE, Map.of("id", "nightly", "enabled", false));
    assertThat(off.nextAt()).isNull();
    assertThat(off.zone()).isEqualTo("Europe/Berlin");
    assertThat(
            fleet.ask(ALICE, CommandKind.SCHEDULE_LIST, Map.of(), null, SchedulePage.class).items())
        .containsExactly(off);
    var bob = CommandFleet.principal("globex", "bob", Role.ADMIN);
    assertThat(fleet.refused(bob, CommandKind.SCHEDULE_GET, Map.of("id", "nightly"), null).reason())
        .isEqualTo(Reason.NOT_FOUND);
    fleet.ask(
        ALICE, CommandKind.SCHEDULE_DELETE, Map.of("id", "nightly"), "d", ScheduleRemoved.class);
    assertThat(
            fleet.refused(ALICE, CommandKind.SCHEDULE_GET, Map.of("id", "nightly"), null).reason())
        .isEqualTo(Reason.NOT_FOUND);
  }

  @Test
  void theSameIdTwiceAWrongCronAndAMomentInATemplateAreRefused() {
    create("nightly", "30 2 * * *", Map.of());
    assertThat(refused("nightly", "30 2 * * *", Map.of("prompt", "x")).reason())
        .isEqualTo(Reason.ALREADY_EXISTS);
    assertThat(refused("other", "tomorrow", Map.of("prompt", "x")).field()).isEqualTo("cron");
    assertThat(
            refused("other", "30 2 * * *", Map.of("prompt", "x", "runAt", 9_999_999_999_999L))
                .field())
        .isEqualTo("task");
    assertThat(refused("other", "30 2 * * *", Map.of("prompt", "x", "concurrencyLimit", 1)).field())
        .isEqualTo("concurrencyKey");
  }

  @Test
  void aTimeThatHasComeCreatesOneTaskOnWhateverNode() {
    create("once", "0 0 1 1 *", Map.of());
    due("once", "now()");
    fleet.awaitStarted("once");
    ScheduleView view = get("once");
    assertThat(view.nextAt()).isAfter(view.lastAt());
    TaskView task = fleet.get(Objects.requireNonNull(view.lastTask()));
    assertThat(task.schedule()).isEqualTo("once");
    assertThat(tasksOf("once")).isEqualTo(1);
  }

  @Test
  void missedTimesAreLeftOutMadeUpForByOneOrAllMadeUpFor() {
    for (String missed : new String[] {"skip", "once", "all"}) {
      create(missed, "0 * * * *", Map.of("missed", missed));
    }
    due("skip", "date_trunc('hour', now()) - interval '5 hours'");
    due("once", "date_trunc('hour', now()) - interval '5 hours'");
    due("all", "date_trunc('hour', now()) - interval '5 hours'");
    for (String missed : new String[] {"skip", "once", "all"}) {
      await().untilAsserted(() -> assertThat(get(missed).nextAt()).isAfter(fleet.clock.instant()));
    }
    assertThat(tasksOf("once")).isEqualTo(1);
    assertThat(tasksOf("all")).isBetween(6, 7);
    // One where the test runs in the first minute of an hour.
    assertThat(tasksOf("skip")).isBetween(0, 1);
  }

  private int tasksOf(String schedule) {
    return fleet
        .ask(ALICE, CommandKind.TASK_LIST, Map.of("schedule", schedule), null, TaskPage.class)
        .items()
        .size();
  }

  private void due(String id, String when) {
    fleet
        .stores
        .postgres()
        .query("update schedules set next_at = " + when + " where id = '" + id + "'")
        .execute()
        .await();
  }

  private ScheduleView get(String id) {
    return fleet.ask(ALICE, CommandKind.SCHEDULE_GET, Map.of("id", id), null, ScheduleView.class);
  }

  private ScheduleView create(String id, String cron, Map<String, Object> more) {
    Map<String, Object> params = new HashMap<>(more);
    params.put("id", id);
    params.put("cron", cron);
    params.put("task", Map.of("prompt", id));
    return change(CommandKind.SCHEDULE_CREATE, params);
  }

  private ScheduleView change(CommandKind kind, Map<String, Object> params) {
    return fleet.ask(ALICE, kind, params, Ids.next(fleet.clock), ScheduleView.class);
  }

  private Fault refused(String id, String cron, Map<String, Object> task) {
    return fleet.refused(
        ALICE,
        CommandKind.SCHEDULE_CREATE,
        Map.of("id", id, "cron", cron, "task", task),
        Ids.next(fleet.clock));
  }
}
