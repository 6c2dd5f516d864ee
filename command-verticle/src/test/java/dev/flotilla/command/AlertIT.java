package dev.flotilla.command;

import static dev.flotilla.command.CommandFleet.ALICE;
import static dev.flotilla.command.CommandFleet.principal;
import static dev.flotilla.contract.CommandKind.ALERT_RAISE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.AlertView;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AlertIT {
  private static final Principal ROOT = principal("ops", "root", Role.PLATFORM);
  private static final Principal BOB = principal("globex", "bob", Role.ADMIN);

  private final CommandFleet fleet = CommandFleet.of();

  @BeforeAll
  void start() {
    fleet.start("n1");
  }

  @BeforeEach
  void forget() {
    fleet
        .stores
        .postgres()
        .query("delete from activity; delete from tenant_log; delete from idempotency_keys")
        .execute()
        .await();
  }

  @AfterAll
  void close() {
    fleet.close();
  }

  @Test
  void anAlertIsInTheLogOfItsTenantAndNowhereElse() {
    fleet.log.head(BOB.tenant()).await();
    AlertView alert = raise(ALICE, Map.of("message", "Disk is full.", "severity", "critical"), "k");
    assertThat(alert.severity()).isEqualTo(AlertSeverity.CRITICAL);
    assertThat(alert.source()).isEqualTo("alice");
    assertThat(alert.tenants()).isEqualTo(1);
    Event event = log(ALICE.tenant()).getFirst();
    assertThat(event.kind()).isEqualTo(EventKind.ALERT);
    assertThat(event.topics()).containsExactly(Topic.of(TopicFamily.ALERTS));
    assertThat(event.actor()).isEqualTo("alice");
    assertThat(event.correlationId()).isEqualTo("corr-k");
    assertThat(event.fact())
        .isEqualTo(
            new Fact.AlertRaised(alert.id(), AlertSeverity.CRITICAL, "Disk is full.", "alice"));
    assertThat(log(ALICE.tenant())).hasSize(1);
    assertThat(log(BOB.tenant())).isEmpty();
  }

  @Test
  void theSameKeyRaisesItOnce() {
    Map<String, Object> params = Map.of("message", "Once.");
    AlertView first = raise(ALICE, params, "k");
    assertThat(first.severity()).isEqualTo(AlertSeverity.INFO);
    assertThat(raise(ALICE, params, "k")).isEqualTo(first);
    assertThat(log(ALICE.tenant())).hasSize(1);
  }

  @Test
  void aNoticeOfTheSystemIsAnEventOfItsOwn() {
    AlertView alert =
        raise(ALICE, Map.of("message", "Moving.", "source", "ops", "system", true), "k");
    List<Event> events = log(ALICE.tenant());
    assertThat(events).extracting(Event::kind).containsExactly(EventKind.ALERT, EventKind.SYSTEM);
    assertThat(events.getLast().topics()).containsExactly(Topic.of(TopicFamily.SYSTEM));
    assertThat(events.getLast().fact())
        .isEqualTo(new Fact.SystemAnnounced(alert.id(), AlertSeverity.INFO, "Moving.", "ops"));
  }

  @Test
  void onlyWhoActsForTheFleetTellsEveryTenantAndNamesNobody() {
    fleet.log.head(BOB.tenant()).await();
    Map<String, Object> params = Map.of("message", "Upgrade.", "allTenants", true);
    assertThat(fleet.refused(ALICE, ALERT_RAISE, params, "k").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(log(ALICE.tenant())).isEmpty();

    AlertView alert = raise(ROOT, params, "k");
    assertThat(alert.tenants()).isEqualTo(2);
    assertThat(alert.source()).isEqualTo("fleet");
    Event foreign = log(BOB.tenant()).getFirst();
    assertThat(foreign.actor()).isNull();
    assertThat(foreign.payload().text()).doesNotContain("root").contains(alert.id());
    assertThat(log(ROOT.tenant()).getFirst().actor()).isEqualTo("root");
  }

  @Test
  void itTakesTheRightToBroadcast() {
    Principal operator = principal("acme", "eve", Role.OPERATOR);
    assertThat(fleet.refused(operator, ALERT_RAISE, Map.of("message", "x"), "k").reason())
        .isEqualTo(Reason.MISSING_SCOPE);
    assertThat(fleet.refused(ALICE, ALERT_RAISE, Map.of("severity", "info"), "k").field())
        .isEqualTo("message");
  }

  private AlertView raise(Principal who, Map<String, Object> params, String key) {
    return fleet.ask(who, ALERT_RAISE, params, key, AlertView.class);
  }

  private List<Event> log(TenantId tenant) {
    return fleet.log.read(tenant, 0, Long.MAX_VALUE, 100).await();
  }
}
