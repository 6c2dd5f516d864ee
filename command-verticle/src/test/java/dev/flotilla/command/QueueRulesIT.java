package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueResult.LevelStats;
import dev.flotilla.contract.QueueResult.PauseView;
import dev.flotilla.contract.QueueResult.QueuePauses;
import dev.flotilla.contract.QueueResult.QueuePolicy;
import dev.flotilla.contract.QueueResult.QueueStats;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueueRulesIT {
  private static final Principal ROOT = CommandFleet.principal("acme", "root", Role.PLATFORM);
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aPausedLevelWaitsAndItsTasksRunOnceItIsResumed() {
    QueuePauses pauses = change(ALICE, CommandKind.QUEUE_PAUSE, Map.of("priority", "low"));
    assertThat(pauses.items()).extracting(PauseView::priority).containsExactly(Priority.LOW);
    awaitPaused(1);
    fleet.create(ALICE, Map.of("prompt", "low", "priority", "low"));
    fleet.create(ALICE, Map.of("prompt", "high", "priority", "high"));
    fleet.awaitStarted("high");
    QueueStats stats = fleet.ask(ALICE, CommandKind.QUEUE_STATS, Map.of(), null, QueueStats.class);
    LevelStats low = stats.levels().getLast();
    assertThat(low.pending()).isEqualTo(1);
    assertThat(low.oldestMs()).isNotNull();
    assertThat(stats.levels().get(1).running()).isEqualTo(1);
    assertThat(stats.pauses()).hasSize(1);
    assertThat(fleet.registry.started()).containsExactly("high");
    change(ALICE, CommandKind.QUEUE_RESUME, Map.of("priority", "low"));
    fleet.awaitStarted("low");
  }

  @Test
  void aPauseOutlivesTheLossOfRedis() {
    change(ALICE, CommandKind.QUEUE_PAUSE, Map.of());
    fleet.create("waits");
    fleet.flushRedis();
    awaitPaused(1);
    var bob = CommandFleet.principal("globex", "bob", Role.ADMIN);
    fleet.create(bob, Map.of("prompt", "theirs"));
    fleet.awaitStarted("theirs");
    assertThat(fleet.registry.started()).containsExactly("theirs");
    change(ALICE, CommandKind.QUEUE_RESUME, Map.of());
    fleet.awaitStarted("waits");
  }

  @Test
  void whatIsNotPausedCannotBeResumedAndOthersTenantsAreNotOurs() {
    assertThat(refused(ALICE, CommandKind.QUEUE_RESUME, Map.of()).reason())
        .isEqualTo(Reason.WRONG_STATE);
    assertThat(refused(ALICE, CommandKind.QUEUE_PAUSE, Map.of("tenant", "globex")).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(refused(ALICE, CommandKind.QUEUE_PAUSE, Map.of("allTenants", true)).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(change(ROOT, CommandKind.QUEUE_PAUSE, Map.of("tenant", "globex")).items())
        .hasSize(1);
  }

  @Test
  void moreTasksThanMayWaitAreRefusedAndSayWhy() {
    fleet.registry.route = _ -> ScriptedRegistry.nowhere("NO_INSTANCE: none");
    policy(Map.of("maxQueued", 2));
    fleet.create("one");
    fleet.create("two");
    Fault fault = refused(ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "three"));
    assertThat(fault.reason()).isEqualTo(Reason.BUDGET_EXCEEDED);
    assertThat(fault.message()).contains("2 tasks of the tenant wait already");
    assertThat(fault.retryAfterMs()).isPositive();
  }

  @Test
  void tasksAboveTheHourlyBudgetAreRefusedOrWaitForTheNextHour() {
    policy(Map.of("maxHourly", 1));
    fleet.create("one");
    assertThat(refused(ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "two")).reason())
        .isEqualTo(Reason.BUDGET_EXCEEDED);
    policy(Map.of("maxHourly", 1, "over", "queue"));
    TaskView later = fleet.create("later");
    assertThat(later.state()).isEqualTo(TaskState.SCHEDULED);
    QueuePolicy policy =
        fleet.ask(ALICE, CommandKind.QUEUE_POLICY_GET, Map.of(), null, QueuePolicy.class);
    assertThat(policy.usedHourly()).isEqualTo(2);
  }

  @Test
  void onceTheTokensOfTheDayAreUsedUpNothingMoreStarts() {
    fleet.registry.begin = _ -> new RunState.Succeeded(new TaskOutcome("ok", null, 60L, 50L, 0.25));
    policy(Map.of("maxDailyTokens", 100, "over", "queue"));
    fleet.awaitState(fleet.create("expensive").id(), TaskState.SUCCEEDED);
    awaitPaused(1);
    fleet.create("waits");
    QueuePolicy policy =
        fleet.ask(ALICE, CommandKind.QUEUE_POLICY_GET, Map.of(), null, QueuePolicy.class);
    assertThat(policy.usedDailyTokens()).isEqualTo(110);
    assertThat(policy.overBudget()).isTrue();
    assertThat(fleet.registry.started()).containsExactly("expensive");
    policy(Map.of("maxDailyTokens", 1000, "over", "queue"));
    fleet.awaitStarted("waits");
  }

  @Test
  void aTenantRunsNoMoreTasksThanItMay() {
    policy(Map.of("maxRunning", 1));
    TaskView first = fleet.create("first");
    fleet.create("second");
    fleet.awaitStarted("first");
    var bob = CommandFleet.principal("globex", "bob", Role.ADMIN);
    fleet.create(bob, Map.of("prompt", "theirs"));
    fleet.awaitStarted("theirs");
    assertThat(fleet.registry.started()).containsExactlyInAnyOrder("first", "theirs");
    fleet.registry.succeed(first.id() + ".1");
    fleet.awaitStarted("second");
  }

  private void policy(Map<String, Object> policy) {
    fleet.ask(ROOT, CommandKind.QUEUE_POLICY_SET, policy, Ids.next(fleet.clock), QueuePolicy.class);
    fleet.awaitRules();
  }

  private void awaitPaused(long pauses) {
    await().until(() -> fleet.queue().totals().getOrDefault("paused", 0L) == pauses);
  }

  private QueuePauses change(Principal who, CommandKind kind, Map<String, Object> params) {
    return fleet.ask(who, kind, params, Ids.next(fleet.clock), QueuePauses.class);
  }

  private Fault refused(Principal who, CommandKind kind, Map<String, Object> params) {
    return fleet.refused(who, kind, params, Ids.next(fleet.clock));
  }
}
