package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.TenantResult.TenantView;
import dev.flotilla.contract.TenantState;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import io.vertx.sqlclient.Tuple;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a suspended tenant's tasks do, and what becomes of its log and its tasks.
class TenantRulesIT {
  private static final Principal ROOT = CommandFleet.principal("fleet", "root", Role.PLATFORM);
  private static final Principal BOB = CommandFleet.principal("globex", "bob", Role.ADMIN);
  private static final Map<String, Object> ACME = Map.of("id", "acme");

  private final CommandFleet fleet = CommandFleet.of("n1", "n2");

  @AfterEach
  void close() {
    fleet.close();
  }

  @Test
  void noTaskOfASuspendedTenantStartsUntilItIsResumed() {
    made("acme");
    assertThat(change(CommandKind.TENANT_SUSPEND, ACME).state()).isEqualTo(TenantState.SUSPENDED);
    await().until(() -> fleet.queue().totals().getOrDefault("paused", 0L) == 1);
    fleet.create("waits");
    fleet.create(BOB, Map.of("prompt", "theirs"));
    fleet.awaitStarted("theirs");
    assertThat(fleet.registry.started()).containsExactly("theirs");
    change(CommandKind.TENANT_RESUME, ACME);
    fleet.awaitStarted("waits");
  }

  @Test
  void aTenantThatIsDeletedTakesItsTasksAlongAlsoThoseThatRun() {
    made("acme");
    fleet.create("runs");
    fleet.awaitStarted("runs");
    change(CommandKind.TENANT_SUSPEND, ACME);
    await().until(() -> fleet.queue().totals().getOrDefault("paused", 0L) == 1);
    fleet.create("waits");
    change(CommandKind.TENANT_DELETE, Map.of("id", "acme", "confirm", "acme"));
    await().until(() -> count("tenants where id") == 0);
    assertThat(count("tasks where tenant")).isZero();
    assertThat(count("activity where tenant")).isZero();
    await().until(() -> fleet.queue().depth().values().stream().allMatch(depth -> depth == 0));
  }

  @Test
  void aTenantHasNoMoreThanItMay() {
    made("acme");
    change(CommandKind.TENANT_UPDATE, Map.of("id", "acme", "maxUsers", 1, "maxApiKeys", 1));
    Map<String, Object> user = Map.of("id", "a", "roles", java.util.List.of("viewer"));
    fleet.ask(ALICE, CommandKind.USER_CREATE, user, Ids.next(fleet.clock), Object.class);
    Map<String, Object> more = Map.of("id", "b", "roles", java.util.List.of("viewer"));
    Fault full = fleet.refused(ALICE, CommandKind.USER_CREATE, more, Ids.next(fleet.clock));
    assertThat(full.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    change(CommandKind.TENANT_UPDATE, Map.of("id", "acme", "maxUsers", 0));
    fleet.ask(ALICE, CommandKind.USER_CREATE, more, Ids.next(fleet.clock), Object.class);
    Map<String, Object> key = Map.of("name", "x", "scopes", java.util.List.of("tasks.read"));
    Map<?, ?> first =
        fleet.ask(ALICE, CommandKind.API_KEY_CREATE, key, Ids.next(fleet.clock), Map.class);
    assertThat(
            fleet.refused(ALICE, CommandKind.API_KEY_CREATE, key, Ids.next(fleet.clock)).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    // One that is revoked makes room for the next.
    Map<String, Object> revoked = Map.of("id", String.valueOf(first.get("id")));
    fleet.ask(ALICE, CommandKind.API_KEY_REVOKE, revoked, Ids.next(fleet.clock), Object.class);
    fleet.ask(ALICE, CommandKind.API_KEY_CREATE, key, Ids.next(fleet.clock), Object.class);
  }

  @Test
  void aTenantRegistersNoMoreInstancesThanItMay() {
    made("acme");
    change(CommandKind.TENANT_UPDATE, Map.of("id", "acme", "maxInstances", 1));
    fleet.ask(ALICE, CommandKind.INSTANCE_REGISTER, instance("a"), "a", Object.class);
    assertThat(fleet.refused(ALICE, CommandKind.INSTANCE_REGISTER, instance("b"), "b").reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    fleet.ask(BOB, CommandKind.INSTANCE_REGISTER, instance("c"), "c", Object.class);
  }

  private static Map<String, Object> instance(String id) {
    return Map.of("id", id, "url", "ws://127.0.0.1:1", "token", "hush-" + id);
  }

  private void made(String id) {
    change(CommandKind.TENANT_CREATE, Map.of("id", id));
  }

  private TenantView change(CommandKind kind, Map<String, Object> params) {
    return fleet.ask(ROOT, kind, params, Ids.next(fleet.clock), TenantView.class);
  }

  private long count(String what) {
    return fleet
        .stores
        .postgres()
        .preparedQuery("select count(*) from " + what + " = $1")
        .execute(Tuple.of("acme"))
        .await()
        .iterator()
        .next()
        .getLong(0);
  }
}
