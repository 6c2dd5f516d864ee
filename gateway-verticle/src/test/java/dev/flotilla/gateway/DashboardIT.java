package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.DashboardClient.message;
import static dev.flotilla.gateway.fixture.DashboardClient.naming;
import static dev.flotilla.gateway.fixture.DashboardClient.subscriptions;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.HealthSubject;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.DashboardClient;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.NarrowToken;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardIT {
  private static final List<String> DEFAULTS = List.of("agents", "coordination", "system", "tasks");

  private final Gateways gateways =
      Gateways.start(Map.of("FLOTILLA_GATEWAY_HEAD_INTERVAL", "100ms"));

  @AfterAll
  void stop() {
    gateways.close();
  }

  @BeforeEach
  void answerEverything() {
    gateways.commands().answer(_ -> Future.succeededFuture(new RawJson("{\"items\":[]}")));
  }

  /// Each test has its own log.
  private TenantId tenant() {
    return gateways.tenant();
  }

  private DashboardClient greeted(TenantId tenant) {
    return DashboardClient.greeted(gateways, gateways.token(tenant));
  }

  private String narrow(TenantId tenant, Scope... scopes) {
    return NarrowToken.of(gateways.vertx(), gateways.config().identity(), tenant, scopes);
  }

  private void record(TenantId tenant, Fact fact) {
    gateways.log().record(tenant, List.of(new Draft(fact, "alice", "caused-it"))).await();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/dashboard/ws/dashboard", "/api/v1/dashboard/ws/dashboard"})
  void aDashboardIsGreetedWithWhatItIsSubscribedTo(String path) {
    TenantId tenant = tenant();
    DashboardClient client =
        DashboardClient.open(gateways.vertx(), gateways.port(), path, gateways.token(tenant));
    JsonObject established = client.expect("connection_established");
    assertThat(established.getString("contract_version")).isEqualTo("1.0.0");
    assertThat(established.getString("tenant")).isEqualTo(tenant.value());
    assertThat(subscriptions(established)).isEqualTo(DEFAULTS);
    assertThat(established.getJsonObject("position").getLong("seq")).isZero();
    JsonObject initialized = client.expect("dashboard_initialized");
    assertThat(initialized.getString("contract_version")).isEqualTo("1.0.0");
    assertThat(subscriptions(initialized)).isEqualTo(DEFAULTS);
    assertThat(initialized.getJsonArray("available_subscriptions")).contains("alerts");
    assertThat(initialized.getJsonObject("limits").getInteger("max_subscriptions")).isEqualTo(10);
    assertThat(client.answers()).isTrue();
  }

  @Test
  void whoIsNotKnownIsClosedWithoutAWord() {
    for (String token : new String[] {null, "nonsense", gateways.token(tenant()) + "x"}) {
      DashboardClient client = DashboardClient.open(gateways, token);
      assertThat(client.closeCode()).isEqualTo(4401);
      assertThat(client.drain()).isEmpty();
    }
  }

  @Test
  void everyEventIsAnUpdateOfItsSubscription() {
    TenantId tenant = tenant();
    DashboardClient client = greeted(tenant);
    assertThat(client.subscribe("alerts")).contains("alerts");
    record(tenant, new Fact.AlertRaised("a-1", AlertSeverity.CRITICAL, "Disk is full.", "monitor"));
    JsonObject alert = client.expect("critical_alert");
    assertThat(alert.getString("subscription")).isEqualTo("alerts");
    assertThat(alert.getString("event")).isEqualTo("alert");
    assertThat(alert.getJsonObject("data").getString("severity")).isEqualTo("critical");
    assertThat(alert.getString("correlation_id")).isEqualTo("caused-it");
    assertThat(alert.getString("actor")).isEqualTo("alice");
    assertThat(alert.getJsonObject("position").getLong("seq")).isEqualTo(1);

    record(tenant, new Fact.SystemAnnounced("a-2", AlertSeverity.INFO, "Moving.", "ops"));
    assertUpdate(client, "system_update", "system", "system");
    gateways.instanceChanged(tenant, "gw-1");
    assertUpdate(client, "agent_update", "agents", "instance");
    gateways.record(tenant, "t-1", 1);
    assertUpdate(client, "task_update", "tasks", "task");

    gateways
        .log()
        .publishEphemeral(
            tenant,
            List.of(
                new Fact.Heartbeat(new InstanceId("gw-1"), InstanceState.READY, 1, 4, null),
                new Fact.PresenceChanged(new UserId("bob"), PresenceStatus.ONLINE),
                new Fact.HealthChanged(HealthSubject.NODE, "node-2", false, "silent"),
                new Fact.Custom(Topic.of(TopicFamily.AGENTS), new RawJson("{\"from\":\"redis\"}"))),
            null);
    JsonObject heartbeat = assertUpdate(client, "coordination_update", "coordination", "heartbeat");
    assertThat(heartbeat.containsKey("position")).isFalse();
    assertThat(heartbeat.getString("correlation_id")).isNotBlank();
    assertUpdate(client, "coordination_update", "coordination", "presence");
    assertUpdate(client, "system_update", "system", "health");
    JsonObject custom = assertUpdate(client, "agent_update", "agents", "custom");
    assertThat(custom.getJsonObject("data").getJsonObject("content").getString("from"))
        .isEqualTo("redis");
  }

  private static JsonObject assertUpdate(
      DashboardClient client, String type, String subscription, String event) {
    JsonObject update = client.expect(type);
    assertThat(update.getString("subscription")).isEqualTo(subscription);
    assertThat(update.getString("event")).isEqualTo(event);
    return update;
  }

  @Test
  void whatIsNotSubscribedDoesNotComeAndNothingOfAnotherTenantDoes() {
    TenantId tenant = tenant();
    DashboardClient client = greeted(tenant);
    client.send(naming("unsubscribe", "tasks", "system"));
    assertThat(subscriptions(client.expect("subscription_updated")))
        .containsExactly("agents", "coordination");
    gateways.record(tenant, "t-1", 2);
    record(tenant, new Fact.AlertRaised("a-1", AlertSeverity.INFO, "x", "y"));
    gateways.instanceChanged(tenant(), "theirs");
    gateways.instanceChanged(tenant, "mine");
    JsonObject update = client.expect("agent_update");
    assertThat(update.getJsonObject("data").getString("id")).isEqualTo("mine");
    assertThat(update.getJsonObject("position").getLong("seq")).isEqualTo(4);
  }

  @Test
  void unknownSubscriptionsAreRefusedAndTheOthersAreUniqueAndSorted() {
    DashboardClient client = greeted(tenant());
    client.send(naming("subscribe", "tasks", "weather", "alerts", "alerts", "task:1", "tasks"));
    JsonObject error = client.expectError("UNKNOWN_SUBSCRIPTION");
    assertThat(subscriptions(error)).containsExactly("weather", "task:1");
    assertThat(error.getString("code")).isEqualTo("VALIDATION_ERROR");
    assertThat(subscriptions(client.expect("subscription_updated")))
        .containsExactly("agents", "alerts", "coordination", "system", "tasks");
    client.send(naming("unsubscribe", "weather", "alerts"));
    client.expectError("UNKNOWN_SUBSCRIPTION");
    assertThat(subscriptions(client.expect("subscription_updated"))).isEqualTo(DEFAULTS);
    assertThat(client.subscribe()).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"type\":\"dance\"}|UNKNOWN_TYPE",
        "{\"type\":7}|UNKNOWN_TYPE",
        "{}|UNKNOWN_TYPE",
        "{\"type\":\"pong\"}|UNKNOWN_TYPE",
        "{\"type\":\"\\ud800\"}|UNKNOWN_TYPE",
        "nonsense|NOT_JSON",
        "[1]|NOT_JSON",
        "{\"type\":\"subscribe\"}|INVALID_FIELD",
        "{\"type\":\"subscribe\",\"subscriptions\":\"tasks\"}|INVALID_FIELD",
        "{\"type\":\"subscribe\",\"subscriptions\":[1]}|INVALID_FIELD",
        "{\"type\":\"subscribe\",\"subscriptions\":[],\"since\":{\"seq\":1}}|INVALID_FIELD",
        "{\"type\":\"subscribe\",\"subscriptions\":[],\"since\":{\"epoch\":\"e\",\"seq\":-1}}|INVALID_FIELD",
        "{\"type\":\"subscribe\",\"subscriptions\":[],\"since\":{\"epoch\":\"e\",\"seq\":1e99}}|INVALID_FIELD",
        "{\"type\":\"auth_refresh\"}|INVALID_FIELD",
      })
  void whatMakesNoSenseGetsAnErrorAndTheSocketStaysOpen(String text, String reason) {
    DashboardClient client = greeted(tenant());
    client.sendText(text);
    JsonObject error = client.expectError(reason);
    assertThat(error.getString("message")).isNotBlank();
    assertThat(Instant.parse(error.getString("timestamp"))).isNotNull();
    assertThat(error.getString("correlation_id")).isNotBlank();
    assertThat(client.answers()).isTrue();
  }

  @Test
  void aClientThatKeepsSayingUnknownThingsIsNeverClosedForIt() {
    DashboardClient client = greeted(tenant());
    for (int i = 0; i < 40; i++) {
      client.send(message("dance"));
      client.expectError("UNKNOWN_TYPE");
    }
    assertThat(client.answers()).isTrue();
  }

  @Test
  void aMessageAboveTheLimitIsDroppedWithOneErrorAndAHugeOneClosesTheSocket() {
    DashboardClient client = greeted(tenant());
    client.send(message("ping").put("padding", "x".repeat(70_000)));
    JsonObject error = client.expectError("PAYLOAD_TOO_LARGE");
    assertThat(error.getString("message")).contains("65536");
    assertThat(client.answers()).isTrue();
    client.send(message("ping").put("padding", "x".repeat(1_100_000)));
    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void pongCarriesTheTimeAndTheCorrelationIdOfItsPing() {
    DashboardClient client = greeted(tenant());
    client.send(message("ping").put("correlation_id", "tab-7").put("more", true));
    JsonObject pong = client.expect("pong");
    assertThat(pong.getString("correlation_id")).isEqualTo("tab-7");
    assertThat(Instant.parse(pong.getString("timestamp"))).isNotNull();
    client.send(message("ping").put("correlation_id", "with space"));
    assertThat(client.expect("pong").getString("correlation_id")).isNotEqualTo("with space");
    client.send(message("dance").put("correlation_id", "tab-8"));
    assertThat(client.expectError("UNKNOWN_TYPE").getString("correlation_id")).isEqualTo("tab-8");
  }

  @Test
  void aSubscriptionWithoutItsScopeIsAnErrorAndNothingElse() {
    TenantId tenant = tenant();
    DashboardClient client = DashboardClient.open(gateways, narrow(tenant, Scope.TASKS_READ));
    JsonObject established = client.expect("connection_established");
    assertThat(subscriptions(established)).containsExactly("agents", "tasks");
    assertThat(client.expect("dashboard_initialized").getJsonArray("available_subscriptions"))
        .containsExactly("agents", "tasks");
    assertThat(subscriptions(client.expectError("MISSING_SCOPE"))).containsExactly("coordination");
    assertThat(subscriptions(client.expectError("MISSING_SCOPE"))).containsExactly("system");
    client.send(naming("subscribe", "alerts", "tasks"));
    JsonObject error = client.expectError("MISSING_SCOPE");
    assertThat(error.getString("code")).isEqualTo("AUTHORIZATION_FAILED");
    assertThat(subscriptions(client.expect("subscription_updated")))
        .containsExactly("agents", "tasks");
    // Of agents, it may have what agents do, but not what instances do.
    gateways.instanceChanged(tenant, "gw-1");
    gateways.record(tenant, "t-1", 1);
    assertThat(client.expect("task_update").getJsonObject("position").getLong("seq")).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "agent_status,AGENT_LIST",
    "coordination_status,PRESENCE_LIST",
    "instance_status,INSTANCE_LIST",
    "node_status,NODE_LIST",
    "system_status,SYSTEM_GET",
    "task_status,TASK_LIST"
  })
  void dataIsAnsweredByTheCommandBehindIt(String dataType, CommandKind kind) {
    TenantId tenant = tenant();
    gateways
        .commands()
        .answer(_ -> Future.succeededFuture(new RawJson("{\"items\":[{\"id\":\"x\"}]}")));
    DashboardClient client = greeted(tenant);
    client.send(
        message("request_data")
            .put("data_type", dataType)
            .put("correlation_id", "tab-1")
            .put("params", new JsonObject().put("limit", 3)));
    JsonObject response = client.expect("data_response");
    assertThat(response.getString("data_type")).isEqualTo(dataType);
    assertThat(response.getString("correlation_id")).isEqualTo("tab-1");
    assertThat(response.getJsonObject("data").getJsonArray("items")).hasSize(1);
    CommandRequest asked = gateways.commands().asked(tenant).getFirst();
    assertThat(asked.kind()).isEqualTo(kind);
    assertThat(asked.principal().tenant()).isEqualTo(tenant);
    assertThat(asked.params().text()).isEqualTo("{\"limit\":3}");
    assertThat(asked.correlationId()).isEqualTo("tab-1");
  }

  @Test
  void dataThatCannotBeHadIsADataError() {
    DashboardClient client = greeted(tenant());
    client.send(message("request_data").put("data_type", "weather").put("correlation_id", "t-1"));
    JsonObject unknown = client.expect("data_error");
    assertThat(unknown.getString("data_type")).isEqualTo("weather");
    assertThat(unknown.getString("error")).contains("weather");
    assertThat(unknown.getString("code")).isEqualTo("VALIDATION_ERROR");
    assertThat(unknown.getString("correlation_id")).isEqualTo("t-1");
    client.send(message("request_data"));
    assertThat(client.expect("data_error").getString("field")).isEqualTo("data_type");
    client.send(
        message("request_data").put("data_type", "task_status").put("params", new JsonArray()));
    assertThat(client.expect("data_error").getString("field")).isEqualTo("params");

    Fault away = Fault.unavailable("PostgreSQL", Duration.ofMillis(500));
    gateways.commands().answer(_ -> Future.failedFuture(away.asException()));
    client.send(message("request_data").put("data_type", "agent_status"));
    JsonObject failed = client.expect("data_error");
    assertThat(failed.getString("data_type")).isEqualTo("agent_status");
    assertThat(failed.getString("reason")).isEqualTo(Reason.UNAVAILABLE.name());
    assertThat(failed.getBoolean("retryable")).isTrue();
    assertThat(failed.getLong("retry_after_ms")).isEqualTo(500);
    assertThat(client.answers()).isTrue();
  }

  @Test
  void whoMayNotReadGetsADataErrorWithoutACommand() {
    TenantId tenant = tenant();
    DashboardClient client =
        DashboardClient.open(gateways, narrow(tenant, Scope.TASKS_READ, Scope.EVENTS_READ));
    client.expect("connection_established");
    client.expect("dashboard_initialized");
    client.send(message("request_data").put("data_type", "node_status"));
    JsonObject error;
    do {
      error = client.next();
    } while (error.getString("type").equals("error"));
    assertThat(error.getString("type")).isEqualTo("data_error");
    assertThat(error.getString("reason")).isEqualTo("MISSING_SCOPE");
    assertThat(gateways.commands().asked(tenant)).isEmpty();
  }

  @Test
  void whatWasMissedComesAfterTheAnswerAndThenWhatIsNew() {
    TenantId tenant = tenant();
    String epoch = gateways.record(tenant, "t-1", 3).epoch();
    gateways.instanceChanged(tenant, "gw-1");
    DashboardClient client = greeted(tenant);
    client.send(
        naming("subscribe", "tasks")
            .put("since", new JsonObject().put("epoch", epoch).put("seq", 1)));
    JsonObject updated = client.expect("subscription_updated");
    assertThat(updated.getJsonObject("position").getLong("seq")).isEqualTo(1);
    assertThat(updated.getJsonObject("head").getLong("seq")).isEqualTo(4);
    for (long seq = 2; seq <= 3; seq++) {
      JsonObject position = client.expect("task_update").getJsonObject("position");
      assertThat(position.getLong("seq")).isEqualTo(seq);
      assertThat(position.getString("epoch")).isEqualTo(epoch);
    }
    assertThat(client.expect("agent_update").getJsonObject("position").getLong("seq")).isEqualTo(4);
    gateways.record(tenant, "t-1", 1);
    assertThat(client.expect("task_update").getJsonObject("position").getLong("seq")).isEqualTo(5);
  }

  @Test
  void whatCannotBeHadAnyMoreIsAGap() {
    DashboardClient client = greeted(tenant());
    client.send(
        naming("subscribe", "tasks")
            .put("since", new JsonObject().put("epoch", "of-another-log").put("seq", 7)));
    client.expect("subscription_updated");
    JsonObject gap = client.expect("gap");
    assertThat(gap.getString("reason")).isEqualTo("epoch_changed");
    assertThat(gap.getJsonObject("position").getLong("seq")).isZero();
  }

  @Test
  void aRefreshedTokenTakesAwayWhatItDoesNotAllow() {
    TenantId tenant = tenant();
    DashboardClient client = greeted(tenant);
    client.send(message("auth_refresh").put("token", narrow(tenant, Scope.TASKS_READ)));
    JsonObject refreshed = client.expect("auth_refreshed");
    assertThat(refreshed.getJsonArray("dropped")).containsExactly("coordination", "system");
    assertThat(subscriptions(refreshed)).containsExactly("agents", "tasks");
    assertThat(Instant.parse(refreshed.getString("expires_at"))).isAfter(Instant.now());
    gateways
        .log()
        .publishEphemeral(
            tenant,
            List.of(new Fact.PresenceChanged(new UserId("bob"), PresenceStatus.ONLINE)),
            null);
    gateways.record(tenant, "t-1", 1);
    client.expect("task_update");
    client.send(message("auth_refresh").put("token", gateways.token(tenant)));
    assertThat(client.expect("auth_refreshed").getJsonArray("dropped")).isEmpty();
    assertThat(client.subscribe("system")).containsExactly("agents", "system", "tasks");
  }

  @Test
  void aRefreshThatIsRefusedChangesNothing() {
    TenantId tenant = tenant();
    DashboardClient client = greeted(tenant);
    client.send(message("auth_refresh").put("token", "nonsense").put("correlation_id", "c-9"));
    JsonObject error = client.expectError("TOKEN_INVALID");
    assertThat(error.getString("correlation_id")).isEqualTo("c-9");
    client.send(message("auth_refresh").put("token", gateways.token(tenant())));
    client.expectError("OTHER_PRINCIPAL");
    assertThat(client.subscribe()).isEqualTo(DEFAULTS);
  }

  @Test
  void aTokenThatEndsEndsTheSessionWithANotice() {
    DashboardClient client =
        gateways.briefly(tenant(), token -> DashboardClient.greeted(gateways, token));
    JsonObject notice = client.expect("disconnect_notice");
    assertThat(notice.getString("reason")).isEqualTo("auth");
    assertThat(notice.getInteger("code")).isEqualTo(4401);
    assertThat(client.closeCode()).isEqualTo(4401);
  }
}
