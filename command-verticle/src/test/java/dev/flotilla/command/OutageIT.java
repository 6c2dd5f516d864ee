package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.QueueResult.AttemptView;
import dev.flotilla.contract.QueueResult.TaskAttempts;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.StoreProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutageIT {
  private static final Duration WAIT = Patience.LIMIT;

  private final CommandFleet fleet =
      new CommandFleet(Map.of("FLOTILLA_GATEWAY_COMMAND_TIMEOUT", "6s"));
  private final StoreProxy postgres = new StoreProxy(fleet.config.postgres().port());
  private final StoreProxy redis = new StoreProxy(fleet.redisPort());
  private final Stores behind = fleet.storesBehind(postgres, redis);

  @AfterEach
  void close() {
    fleet.close();
    postgres.close();
    redis.close();
  }

  @Test
  void withoutRedisCommandsSucceedAndTasksStartWhenItIsBack() {
    fleet.start("n1", behind);
    TaskView before = fleet.create("before");
    fleet.awaitStarted("before");
    redis.cut();
    TaskView during = fleet.create("during");
    assertThat(fleet.get(during.id()).state()).isEqualTo(TaskState.PENDING);
    await().untilAsserted(() -> assertThat(notReady()).containsExactly("redis"));
    Fault nobodyKnows = fleet.refused(ALICE, CommandKind.PRESENCE_LIST, "{}", null);
    assertThat(nobodyKnows.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(nobodyKnows.message()).startsWith("Presence");
    fleet.registry.succeed(before.id() + ".1");
    fleet.awaitState(before.id(), TaskState.SUCCEEDED);
    assertThat(fleet.registry.started()).containsExactly("before");
    redis.restore();
    await().atMost(WAIT).until(() -> fleet.registry.started().contains("during"));
    await().untilAsserted(() -> assertThat(notReady()).isEmpty());
    fleet.registry.succeed(during.id() + ".1");
    fleet.awaitState(during.id(), TaskState.SUCCEEDED);
    assertThat(fleet.registry.runs).hasSize(2);
  }

  @Test
  void withoutPostgresCommandsAreRefusedAndRunsEndLater() {
    fleet.start("n1", behind);
    TaskView running = fleet.create("running");
    fleet.awaitStarted("running");
    postgres.cut();
    Fault fault = fleet.refused(ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "x"), "k");
    assertThat(fault.reason()).isEqualTo(Reason.UNAVAILABLE);
    assertThat(fault.retryAfterMs()).isNotNull();
    await().untilAsserted(() -> assertThat(notReady()).contains("postgres"));
    fleet.registry.succeed(running.id() + ".1");
    postgres.restore();
    await()
        .atMost(WAIT)
        .ignoreExceptions()
        .until(() -> fleet.get(running.id()).state() == TaskState.SUCCEEDED);
    fleet.ask(ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "x"), "k", TaskView.class);
    assertThat(fleet.row("select count(*)::int from tasks").getInteger(0)).isEqualTo(2);
  }

  @Test
  void aFrozenPostgresHangsNoCommand() {
    fleet.start("n1", behind);
    fleet.create("warm");
    postgres.freeze();
    Fault fault = fleet.refused(ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "x"), "k");
    assertThat(fault.reason()).isEqualTo(Reason.UNAVAILABLE);
    postgres.cut();
    postgres.restore();
    await()
        .atMost(WAIT)
        .ignoreExceptions()
        .until(
            () ->
                fleet.ask(
                        ALICE, CommandKind.TASK_CREATE, Map.of("prompt", "x"), "k", TaskView.class)
                    != null);
    assertThat(fleet.row("select count(*)::int from tasks").getInteger(0)).isEqualTo(2);
  }

  @Test
  void aNodeThatLosesTheStoresLosesItsLeaseAndAnotherGoesOnWithTheSameRun() {
    fleet.start("n1", behind);
    TaskView task = fleet.create("precious");
    fleet.awaitStarted("precious");
    String run = task.id() + ".1";
    postgres.cut();
    redis.cut();
    fleet.start("n2");
    await()
        .atMost(WAIT)
        .until(() -> fleet.registry.orders(run).stream().anyMatch(o -> o.attempt() == 2));
    RunOrder taken =
        fleet.registry.orders(run).stream().filter(o -> o.attempt() == 2).findFirst().orElseThrow();
    assertThat(taken.mayExist()).isTrue();
    assertThat(taken.holder().value()).isEqualTo("n2");
    assertThat(taken.sessionKey()).isEqualTo(fleet.registry.orders.peek().sessionKey());
    postgres.restore();
    redis.restore();
    // The old holder notices that its lease is another's, and asks no more.
    await()
        .atMost(WAIT)
        .until(
            () -> ordersOf("n1", run),
            new Predicate<>() {
              private long last = -1;
              private long since;

              @Override
              public boolean test(Long orders) {
                if (orders != last) {
                  last = orders;
                  since = System.nanoTime();
                }
                return System.nanoTime() - since > Duration.ofSeconds(1).toNanos();
              }
            });
    fleet.registry.succeed(run);
    fleet.awaitState(task.id(), TaskState.SUCCEEDED);
    assertThat(fleet.registry.runs.keySet()).containsExactly(run);
    assertThat(fleet.history(task.id()))
        .containsExactly("queued#0", "running#1", "running#2", "succeeded#2");
    assertThat(fleet.seqs())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 4).boxed().toList());
    await().until(() -> fleet.count(MeterNames.LEASES_LOST) == 1);
    Map<String, Object> asked = Map.of("id", task.id().value());
    assertThat(fleet.ask(ALICE, CommandKind.TASK_ATTEMPTS, asked, null, TaskAttempts.class).items())
        .extracting(AttemptView::outcome)
        .containsExactly(AttemptOutcome.LOST, AttemptOutcome.SUCCEEDED);
  }

  private long ordersOf(String node, String run) {
    return fleet.registry.orders(run).stream()
        .filter(order -> order.holder().value().equals(node))
        .count();
  }

  @Test
  void anEmptiedRedisLosesNothingAndRunsNothingTwice() {
    fleet.registry.route = _ -> ScriptedRegistry.slots(3);
    fleet.start("n1");
    fleet.start("n2");
    List<TaskView> tasks = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      tasks.add(fleet.create("t" + i));
    }
    await().until(() -> fleet.registry.started().size() == 3);
    fleet.flushRedis();
    for (int done = 0; done < 10; done++) {
      int wanted = done;
      await().atMost(WAIT).until(() -> fleet.registry.started().size() > wanted);
      if (done == 5) {
        fleet.flushRedis();
      }
      fleet.registry.succeed(fleet.registry.runOf(fleet.registry.started().get(done)));
    }
    tasks.forEach(task -> fleet.awaitState(task.id(), TaskState.SUCCEEDED));
    tasks.forEach(
        task ->
            assertThat(fleet.history(task.id()))
                .containsExactly("queued#0", "running#1", "succeeded#1"));
    assertThat(fleet.registry.runs).hasSize(10);
    assertThat(fleet.count(MeterNames.QUEUE_REPAIRS)).isPositive();
  }

  @Test
  void aTaskThatWasCommittedButNeverEnqueuedIsFound() {
    fleet.start("n1");
    fleet.row(
        """
        insert into tasks (id, tenant, state, priority, prompt, timeout_ms, max_attempts, created_by,
          created_at, updated_at)
        values ('t-lost', 'acme', 'pending', 'high', 'lost', 60000, 3, 'alice', now(), now())
        returning id
        """);
    await().atMost(WAIT).until(() -> fleet.registry.started().contains("lost"));
  }

  private List<String> notReady() {
    return fleet.readiness.check(Duration.ofSeconds(3)).await().stream()
        .filter(part -> !part.ready())
        .map(Readiness.Part::name)
        .toList();
  }
}
