package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.command.CommandFleet.request;
import static dev.flotilla.contract.CommandKind.TASK_CANCEL;
import static dev.flotilla.contract.CommandKind.TASK_CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.bus.Addresses;
import dev.flotilla.command.idempotency.IdempotencyStore;
import dev.flotilla.command.idempotency.KeySweeper;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Result.TaskPage;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TaskId;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdempotencyIT {
  private static final Map<String, Object> HELLO = Map.of("prompt", "hello");
  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void aRepetitionGetsTheFirstAnswerAndDoesNothing() {
    String params = "{\"prompt\":\"hello\",\"priority\":\"low\"}";
    String sameInOtherOrder = "{ \"priority\" : \"low\", \"prompt\" : \"hello\" }";
    RawJson first = fleet.execute(request(ALICE, TASK_CREATE, params, "k"));
    RawJson second = fleet.execute(request(ALICE, TASK_CREATE, sameInOtherOrder, "k"));
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(tasks()).isEqualTo(1);
    assertThat(fleet.count(MeterNames.IDEMPOTENCY, "outcome", "replayed")).isEqualTo(1);
  }

  @Test
  void theSameKeyForAnotherRequestIsAConflict() {
    fleet.execute(request(ALICE, TASK_CREATE, HELLO, "k"));
    Fault fault = fleet.refused(ALICE, TASK_CREATE, Map.of("prompt", "other"), "k");
    assertThat(fault.reason()).isEqualTo(Reason.IDEMPOTENCY_MISMATCH);
    Fault otherMethod =
        fleet.refused(ALICE, TASK_CANCEL, new Command.TaskCancel(new TaskId("t"), null), "k");
    assertThat(otherMethod.reason()).isEqualTo(Reason.IDEMPOTENCY_MISMATCH);
    assertThat(tasks()).isEqualTo(1);
  }

  @Test
  void manyRepetitionsAtOnceHaveOneEffect() {
    List<Future<RawJson>> asked = new ArrayList<>();
    CommandRequest request = request(ALICE, TASK_CREATE, HELLO, "k");
    for (int i = 0; i < 100; i++) {
      asked.add(fleet.bus.ask(Addresses.EXECUTE, request, Patience.LIMIT));
    }
    Set<String> answers = new HashSet<>();
    asked.forEach(answer -> answers.add(answer.await().text()));
    assertThat(answers).hasSize(1);
    assertThat(tasks()).isEqualTo(1);
    assertThat(fleet.count(MeterNames.IDEMPOTENCY, "outcome", "joined")).isPositive();
    assertThat(fleet.count(MeterNames.IDEMPOTENCY, "outcome", "new")).isEqualTo(1);
  }

  @Test
  void aFinalFaultIsReplayedAlsoWhenItsCauseHasGone() {
    Command.TaskCancel cancel = new Command.TaskCancel(new TaskId("t-1"), null);
    Fault first = fleet.refused(ALICE, TASK_CANCEL, cancel, "k");
    assertThat(first.reason()).isEqualTo(Reason.NOT_FOUND);
    // Not due: an attempt of it would hold on to its id.
    fleet.create(ALICE, Map.of("prompt", "something else", "delayMs", 3_600_000));
    fleet.row("update tasks set id = 't-1' returning id");
    assertThat(fleet.refused(ALICE, TASK_CANCEL, cancel, "k")).isEqualTo(first);
    assertThat(
            fleet
                .row("select status::text from idempotency_keys where client_key = 'k'")
                .getString(0))
        .isEqualTo("failed");
  }

  @Test
  void theSameKeyOfAnotherUserOrTenantIsAnotherKey() {
    Set<String> answers = new HashSet<>();
    answers.add(fleet.execute(request(ALICE, TASK_CREATE, HELLO, "k")).text());
    answers.add(
        fleet
            .execute(request(principal("acme", "bob", Role.ADMIN), TASK_CREATE, HELLO, "k"))
            .text());
    answers.add(
        fleet
            .execute(request(principal("evil", "alice", Role.ADMIN), TASK_CREATE, HELLO, "k"))
            .text());
    assertThat(answers).hasSize(3);
  }

  @Test
  void aRequestThatAnotherNodeIsWorkingOnIsInProgressAfterAWhile() {
    SqlConnection elsewhere = fleet.stores.postgres().getConnection().await();
    elsewhere.query("begin").execute().await();
    elsewhere
        .query(
            """
            insert into idempotency_keys (id, key, method, request_hash, status, created_at, expires_at,
              tenant, client_key)
            values (gen_random_uuid(), '%s', 'task.create', 'x', 'in_progress', now(),
              now() + interval '1 hour', 'acme', 'k')
            """
                .formatted(Ids.sha256("acme", "alice", "k")))
        .execute()
        .await();
    Fault fault = fleet.refused(ALICE, TASK_CREATE, HELLO, "k");
    assertThat(fault.reason()).isEqualTo(Reason.IN_PROGRESS);
    assertThat(fault.retryAfterMs()).isNotNull();
    elsewhere.query("rollback").execute().await();
    elsewhere.close().await();
    fleet.execute(request(ALICE, TASK_CREATE, HELLO, "k"));
    assertThat(tasks()).isEqualTo(1);
  }

  @Test
  void anExpiredKeyIsAsGoodAsNew() {
    fleet.execute(request(ALICE, TASK_CREATE, HELLO, "k"));
    fleet.row("update idempotency_keys set expires_at = now() - interval '1 second' returning key");
    fleet.execute(request(ALICE, TASK_CREATE, Map.of("prompt", "other"), "k"));
    assertThat(tasks()).isEqualTo(2);
  }

  @Test
  void expiredKeysAreSweptAndOthersStay() {
    for (int i = 0; i < 5; i++) {
      fleet.execute(request(ALICE, TASK_CREATE, HELLO, "k" + i));
    }
    fleet
        .stores
        .postgres()
        .query("update idempotency_keys set expires_at = now() where client_key <> 'k0'")
        .execute()
        .await();
    IdempotencyStore store = new IdempotencyStore(fleet.clock, Duration.ofHours(1));
    Transactions transactions =
        new Transactions(fleet.stores.postgres(), fleet.log, Duration.ofSeconds(5));
    assertThat(store.sweep(transactions.direct(), 3)).isEqualTo(3);
    new KeySweeper(store, transactions).run();
    assertThat(fleet.row("select string_agg(client_key, ',') from idempotency_keys").getString(0))
        .isEqualTo("k0");
  }

  @Test
  void aChangeNeedsAKeyAndAReadDoesNot() {
    Fault missing = fleet.refused(ALICE, TASK_CREATE, HELLO, null);
    assertThat(missing.reason()).isEqualTo(Reason.IDEMPOTENCY_KEY_MISSING);
    assertThat(fleet.refused(ALICE, TASK_CREATE, HELLO, " ").reason())
        .isEqualTo(Reason.IDEMPOTENCY_KEY_MISSING);
    assertThat(fleet.refused(ALICE, TASK_CREATE, HELLO, "k\u0000").field())
        .isEqualTo("idempotencyKey");
    fleet.ask(ALICE, CommandKind.TASK_LIST, "{}", null, TaskPage.class);
  }

  private int tasks() {
    return fleet.row("select count(*)::int from tasks").getInteger(0);
  }
}
