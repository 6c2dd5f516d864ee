package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.RETENTION_GET;
import static dev.flotilla.contract.CommandKind.RETENTION_SET;
import static dev.flotilla.contract.CommandKind.THREAD_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.Kept;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.RetentionResult.Keeping;
import dev.flotilla.contract.RetentionResult.RetentionPolicy;
import dev.flotilla.contract.TaskState;
import dev.flotilla.contract.ThreadResult.ThreadPage;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.testkit.Patience;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final Principal BOB = principal("globex", "bob", Role.ADMIN);
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);

  private final CommandFleet fleet =
      new CommandFleet(Map.of("FLOTILLA_COMMAND_RETENTION_INTERVAL", "1s"), "n1");

  @AfterEach
  void close() {
    fleet.close();
  }

  private TaskView ended(Principal who, String prompt, RunState state, @Nullable String session) {
    Map<String, Object> params = new HashMap<>(Map.of("prompt", prompt));
    if (session != null) {
      params.put("session", session);
    }
    TaskView task = fleet.create(who, params);
    fleet.awaitStarted(prompt);
    fleet.registry.end(task.id() + ".1", state);
    await().atMost(PATIENCE).until(() -> fleet.get(who, task.id()).state().terminal());
    return task;
  }

  private TaskView succeeded(Principal who, String prompt, @Nullable String session) {
    return ended(
        who,
        prompt,
        new RunState.Succeeded(new TaskOutcome("done", null, null, null, null)),
        session);
  }

  private void age(String table, String column, String tenant, int days) {
    fleet
        .stores
        .postgres()
        .query(
            "update %s set %s = now() - interval '%d days' where tenant = '%s'"
                .formatted(table, column, days, tenant))
        .execute()
        .await();
  }

  private long count(String table, String where) {
    return fleet
        .row("select count(*) as count from %s where %s".formatted(table, where))
        .getLong("count");
  }

  private void awaitCount(String table, String where, long count) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(count(table, where)).isEqualTo(count));
  }

  private void keep(String tenant, Kept kind, @Nullable Integer days) {
    Map<String, Object> params = new HashMap<>(Map.of("tenant", tenant, "kind", kind.wireName()));
    if (days != null) {
      params.put("days", days);
    }
    fleet.ask(ROOT, RETENTION_SET, params, Ids.next(fleet.clock), RetentionPolicy.class);
  }

  @Test
  void theBeginningOfTheLogGoesAndWhatIsLeftHasNoHole() {
    for (int i = 0; i < 3; i++) {
      succeeded(ALICE, "old " + i, null);
    }
    age("activity", "at", "acme", 40);
    long last = fleet.row("select seq from tenant_log where tenant = 'acme'").getLong("seq");
    TaskView fresh = succeeded(ALICE, "new", null);
    awaitCount("activity", "tenant = 'acme' and seq <= " + last, 0);
    assertThat(fleet.row("select floor from tenant_log where tenant = 'acme'").getLong("floor"))
        .isEqualTo(last);
    assertThat(fleet.seqs().getFirst()).isEqualTo(last + 1);
    assertThat(fleet.history(fresh.id())).contains("queued#0");
  }

  @Test
  void whatHasEndedGoesAndWhatWaitsForSomebodyStays() {
    succeeded(ALICE, "done", null);
    TaskView dead =
        ended(ALICE, "broken", new RunState.Failed("NO_MODEL", "no model", false), null);
    TaskView open = fleet.create("open");
    fleet.awaitStarted("open");
    TaskView said = succeeded(ALICE, "said", "talk");
    age("tasks", "finished_at", "acme", 60);
    awaitCount("tasks", "tenant = 'acme'", 3);
    assertThat(List.of(dead, said))
        .allSatisfy(kept -> assertThat(fleet.get(kept.id()).state().terminal()).isTrue());
    assertThat(fleet.get(open.id()).state()).isEqualTo(TaskState.RUNNING);
    age("tasks", "finished_at", "acme", 100);
    awaitCount("tasks", "id = '%s'".formatted(dead.id()), 0);
    assertThat(fleet.count("flotilla.retention.removed", "kind", "tasks")).isEqualTo(1);
  }

  @Test
  void aConversationGoesAsAWholeOnceNothingIsSaidInIt() {
    succeeded(ALICE, "first", "old-talk");
    succeeded(ALICE, "second", "old-talk");
    fleet.create(ALICE, Map.of("prompt", "goes on", "session", "live-talk"));
    fleet.awaitStarted("goes on");
    age("threads", "touched_at", "acme", 400);
    awaitCount("threads", "id = 'old-talk'", 0);
    assertThat(count("tasks", "session = 'old-talk'")).isZero();
    assertThat(count("session_homes", "session = 'old-talk'")).isZero();
    assertThat(
            fleet.ask(ALICE, THREAD_LIST, Map.of(), null, ThreadPage.class).items().stream()
                .map(thread -> thread.thread()))
        .containsExactly("live-talk");
  }

  @Test
  void aTenantMayKeepThingsLongerOrLessThanTheFleet() {
    keep("acme", Kept.TASKS, 0);
    keep("globex", Kept.TASKS, 5);
    TaskView kept = succeeded(ALICE, "kept", null);
    succeeded(BOB, "short", null);
    age("tasks", "finished_at", "acme", 3000);
    age("tasks", "finished_at", "globex", 6);
    awaitCount("tasks", "tenant = 'globex'", 0);
    assertThat(fleet.get(kept.id()).state()).isEqualTo(TaskState.SUCCEEDED);
    assertThat(policy(ALICE).items()).contains(new Keeping(Kept.TASKS, 0, true));
    keep("acme", Kept.TASKS, null);
    assertThat(policy(ALICE).items()).contains(new Keeping(Kept.TASKS, 30, false));
    awaitCount("tasks", "tenant = 'acme'", 0);
  }

  @Test
  void oldEntriesOfTheAuditLogGo() {
    fleet.create(BOB, Map.of("prompt", "audited"));
    age("audit_log", "at", "globex", 366);
    fleet.create(BOB, Map.of("prompt", "audited again"));
    awaitCount("audit_log", "tenant = 'globex' and at < now() - interval '365 days'", 0);
    assertThat(count("audit_log", "tenant = 'globex'")).isEqualTo(1);
  }

  @Test
  void nobodyReadsOrSetsWhatAnotherTenantKeeps() {
    assertThat(fleet.refused(BOB, RETENTION_GET, Map.of("tenant", "acme"), null).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(
            fleet
                .refused(BOB, RETENTION_SET, Map.of("tenant", "acme", "kind", "audit"), "x")
                .reason())
        .isEqualTo(Reason.MISSING_SCOPE);
  }

  private RetentionPolicy policy(Principal who) {
    return fleet.ask(who, RETENTION_GET, Map.of(), null, RetentionPolicy.class);
  }
}
