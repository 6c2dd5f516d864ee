package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.INSTANCE_CORDON;
import static dev.flotilla.contract.CommandKind.INSTANCE_CREDENTIAL_REVOKE;
import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static dev.flotilla.contract.CommandKind.INSTANCE_TEST;
import static dev.flotilla.contract.CommandKind.INSTANCE_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceChange;
import dev.flotilla.contract.InstanceResult.InstanceTested;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.credential.Label;
import dev.flotilla.credential.Vault;
import dev.flotilla.dispatch.ConnectionTest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class InstancesIT {
  private static final Principal MALLORY = principal("evil", "mallory", Role.ADMIN);
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);

  private final CommandFleet fleet = CommandFleet.of();

  @BeforeAll
  void start() {
    fleet.start("n1");
  }

  @AfterAll
  void stop() {
    fleet.close();
  }

  private String key() {
    return Ids.next(fleet.clock);
  }

  private InstanceView register(Principal who, String id, boolean shared) {
    return fleet.ask(
        who,
        INSTANCE_REGISTER,
        Map.of("id", id, "url", "ws://127.0.0.1:1", "token", "hush-" + id, "shared", shared),
        key(),
        InstanceView.class);
  }

  private static Map<String, Object> change(String id, Map<String, Object> fields) {
    Map<String, Object> params = new HashMap<>(fields);
    params.put("id", id);
    return params;
  }

  private InstanceView update(String id, Map<String, Object> fields) {
    return fleet.ask(ALICE, INSTANCE_UPDATE, change(id, fields), key(), InstanceView.class);
  }

  private Reason refused(Principal who, String id, Map<String, Object> fields) {
    return fleet.refused(who, INSTANCE_UPDATE, change(id, fields), key()).reason();
  }

  private Row row(String id) {
    return fleet.row("select token, credential, device_key from instances where id = $1", id);
  }

  private String opened(String id) {
    return new Vault(fleet.config.credentials())
        .open(
            row(id).getString("credential"), Label.token(new TenantId("acme"), new InstanceId(id)))
        .reveal();
  }

  @Test
  void aCredentialIsStoredSealedWithADeviceKeyBesideIt() {
    register(ALICE, "sealed", false);
    assertThat(row("sealed").getString("token")).isNull();
    assertThat(row("sealed").getString("credential")).startsWith("1.").doesNotContain("hush");
    assertThat(row("sealed").getString("device_key")).startsWith("1.");
    assertThat(opened("sealed")).isEqualTo("hush-sealed");
  }

  @Test
  void onlyWhatIsGivenIsChangedAndTheRevisionRises() {
    InstanceView before = register(ALICE, "part", false);
    assertThat(before.revision()).isEqualTo(1);
    InstanceView after = update("part", Map.of("region", "eu", "maxConcurrency", 9, "revision", 1));
    assertThat(after.revision()).isEqualTo(2);
    assertThat(after.region()).isEqualTo("eu");
    assertThat(after.maxConcurrency()).isEqualTo(9);
    assertThat(after.url()).isEqualTo(before.url());
    assertThat(update("part", Map.of("region", "")).region()).isNull();
    assertThat(opened("part")).isEqualTo("hush-part");
    assertThat(told("part"))
        .contains("changed: region, maxConcurrency")
        .noneMatch(text -> text.contains("hush"));
  }

  @Test
  void aStoredTokenIsNotToldToANewAddress() {
    register(ALICE, "moved", false);
    Map<String, Object> away = Map.of("url", "ws://127.0.0.1:2");
    assertThat(refused(ALICE, "moved", away)).isEqualTo(Reason.INVALID_FIELD);
    InstanceView moved = update("moved", Map.of("url", "ws://127.0.0.1:2", "token", "its own"));
    assertThat(moved.url().getPort()).isEqualTo(2);
    assertThat(opened("moved")).isEqualTo("its own");
  }

  @Test
  void anInstanceThatHasRunsOrTakesWorkIsNotMoved() {
    register(ALICE, "busy", false);
    fleet.row(
        "insert into tasks (id, tenant, state, priority, prompt, timeout_ms, max_attempts, run_id,"
            + " run_instance, created_by, created_at, updated_at) values ('t-busy', 'acme',"
            + " 'running', 'medium', 'x', 1000, 3, 't-busy.1', 'busy', 'alice', now(), now())"
            + " returning id");
    fleet.row(
        "insert into task_attempts (task, number, tenant, node, instance, run_id, started_at)"
            + " values ('t-busy', 1, 'acme', 'n', 'busy', 't-busy.1', now()) returning task");
    Map<String, Object> away = Map.of("url", "ws://127.0.0.1:3", "token", "t");
    assertThat(refused(ALICE, "busy", away)).isEqualTo(Reason.WRONG_STATE);
    fleet.row("delete from tasks where id = 't-busy' returning id");
    fleet.row(
        "insert into tasks (id, tenant, state, priority, prompt, timeout_ms, max_attempts,"
            + " created_by, created_at, updated_at, finished_at) values ('t-busy', 'acme',"
            + " 'succeeded', 'medium', 'x', 1000, 3, 'alice', now(), now(), now()) returning id");
    fleet.row(
        "insert into task_attempts (task, number, tenant, node, instance, run_id, started_at)"
            + " values ('t-busy', 1, 'acme', 'n', 'busy', 't-busy.1', now()) returning task");
    assertThat(refused(ALICE, "busy", away)).isEqualTo(Reason.WRONG_STATE);
    fleet.ask(ALICE, INSTANCE_CORDON, Map.of("id", "busy"), key(), InstanceView.class);
    assertThat(update("busy", away).url().getPort()).isEqualTo(3);
  }

  @Test
  void aChangeThatACordonHasOvertakenIsRefused() {
    register(ALICE, "raced", false);
    fleet.ask(ALICE, INSTANCE_CORDON, Map.of("id", "raced"), "c-raced", InstanceView.class);
    assertThat(refused(ALICE, "raced", Map.of("region", "eu", "revision", 1)))
        .isEqualTo(Reason.STALE_REVISION);
  }

  private List<String> told(String id) {
    List<String> reasons = new ArrayList<>();
    fleet
        .log
        .read(ALICE.tenant(), 0, Long.MAX_VALUE, 10_000)
        .await()
        .forEach(
            event -> {
              if (event.fact() instanceof Fact.InstanceChanged changed
                  && changed.change() == InstanceChange.UPDATED
                  && changed.id().value().equals(id)) {
                reasons.add(changed.reason());
              }
            });
    return reasons;
  }

  @Test
  void ofTwoWhoChangeTheSameRevisionOneIsTold() {
    register(ALICE, "race", false);
    update("race", Map.of("zone", "a", "revision", 1));
    Fault late =
        fleet.refused(
            ALICE, INSTANCE_UPDATE, change("race", Map.of("zone", "b", "revision", 1)), key());
    assertThat(late.reason()).isEqualTo(Reason.STALE_REVISION);
    assertThat(late.message()).contains("revision 2");
    assertThat(update("race", Map.of("zone", "c")).zone()).isEqualTo("c");
  }

  @Test
  void aNewTokenReplacesTheOldOneAndIsNeverReturned() {
    register(ALICE, "token", false);
    Map<String, Object> params = change("token", Map.of("token", "brand-new"));
    String json = fleet.execute(CommandFleet.request(ALICE, INSTANCE_UPDATE, params, key())).text();
    assertThat(json).doesNotContain("brand-new");
    assertThat(opened("token")).isEqualTo("brand-new");
    assertThat(told("token")).containsExactly("changed: token");
  }

  private Reason revocationRefused(Principal who, String id) {
    return fleet.refused(who, INSTANCE_CREDENTIAL_REVOKE, Map.of("id", id), key()).reason();
  }

  @Test
  void aRevokedCredentialIsGoneUntilANewTokenIsSet() {
    register(ALICE, "leaked", false);
    Row before = row("leaked");
    InstanceView revoked =
        fleet.ask(
            ALICE,
            INSTANCE_CREDENTIAL_REVOKE,
            Map.of("id", "leaked", "reason", "seen in a chat"),
            key(),
            InstanceView.class);
    assertThat(revoked.revision()).isEqualTo(2);
    assertThat(opened("leaked")).isEmpty();
    assertThat(row("leaked").getString("device_key"))
        .startsWith("1.")
        .isNotEqualTo(before.getString("device_key"));
    assertThat(told("leaked")).containsExactly("its credential was revoked: seen in a chat");
    assertThat(revocationRefused(ALICE, "leaked")).isEqualTo(Reason.WRONG_STATE);
    update("leaked", Map.of("token", "brand-new"));
    assertThat(opened("leaked")).isEqualTo("brand-new");
  }

  @Test
  void onlyThoseWhoMayChangeAnInstanceRevokeItsCredential() {
    register(ALICE, "kept", false);
    register(ROOT, "commons", true);
    Principal viewer = principal("acme", "val", Role.VIEWER);
    assertThat(revocationRefused(viewer, "kept")).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(revocationRefused(MALLORY, "kept")).isEqualTo(Reason.NOT_FOUND);
    assertThat(revocationRefused(ALICE, "commons")).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(opened("kept")).isEqualTo("hush-kept");
  }

  @Test
  void whoMayNotChangeAnInstanceLearnsNothing() {
    register(ALICE, "own", false);
    register(ROOT, "common", true);
    assertThat(refused(MALLORY, "own", Map.of("zone", "x"))).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused(ALICE, "common", Map.of("zone", "x"))).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(refused(ALICE, "own", Map.of("shared", true))).isEqualTo(Reason.MISSING_SCOPE);
    assertThat(refused(ALICE, "own", Map.of())).isEqualTo(Reason.INVALID_FIELD);
    assertThat(refused(ALICE, "own", Map.of("url", "ws://u:p@h"))).isEqualTo(Reason.INVALID_FIELD);
  }

  @Test
  void aTestIsCarriedToARegistryNodeAndItsAnswerBack() {
    register(ALICE, "tested", false);
    List<ConnectionTest> asked = new ArrayList<>();
    InstanceTested verdict =
        new InstanceTested(
            false, LinkStatus.PAIRING_REQUIRED, "ask", "do this", null, List.of(), 3);
    fleet.registry.test =
        test -> {
          asked.add(test);
          return verdict;
        };
    assertThat(test(Map.of("id", "tested"))).isEqualTo(verdict);
    assertThat(test(Map.of("url", "ws://h:1", "token", "t"))).isEqualTo(verdict);
    assertThat(asked.getFirst().instance()).isEqualTo(new InstanceId("tested"));
    assertThat(asked.getLast().token()).isEqualTo("t");
    assertThat(asked.getLast().toString()).doesNotContain("token");
  }

  private InstanceTested test(Map<String, Object> params) {
    return fleet.ask(ALICE, INSTANCE_TEST, params, null, InstanceTested.class);
  }

  @Test
  void aTestNeedsAnIdOrAnAddressWithATokenAndAnInstanceOfTheTenant() {
    register(ALICE, "mine", false);
    register(ROOT, "fleets", true);
    for (Map<String, Object> params :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("url", "ws://h:1"),
            Map.of("token", "t"),
            Map.of("id", "mine", "token", "t"))) {
      assertThat(fleet.refused(ALICE, INSTANCE_TEST, params, null).reason())
          .isEqualTo(Reason.INVALID_FIELD);
    }
    assertThat(fleet.refused(MALLORY, INSTANCE_TEST, Map.of("id", "mine"), null).reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(fleet.refused(ALICE, INSTANCE_TEST, Map.of("id", "fleets"), null).reason())
        .isEqualTo(Reason.MISSING_SCOPE);
  }
}
