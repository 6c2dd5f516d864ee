package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.DashboardClient.message;
import static dev.flotilla.gateway.fixture.DashboardClient.naming;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Contract;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.DashboardClient;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.NarrowToken;
import dev.flotilla.gateway.fixture.SessionLines;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.testkit.Patience;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardHttpIT {
  private static final List<String> PREFIXES = List.of("/api", "/api/v1");

  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_DIALECTS_DASHBOARD_CONNECTION_RATE", "15",
              "FLOTILLA_GATEWAY_CONNECT_TIMEOUT", "15s"));
  private final HttpClient http = HttpClient.newHttpClient();

  /// Each test has its own.
  private TenantId acme;

  private String viewer;

  @AfterAll
  void stop() {
    http.close();
    gateways.close();
  }

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    viewer = gateways.token(acme, Role.VIEWER, Duration.ofHours(1));
    gateways.commands().answer(_ -> Future.succeededFuture(new RawJson("{\"done\":true}")));
  }

  @Test
  void anybodyMayAskWhetherTheSocketsWork() {
    for (String prefix : PREFIXES) {
      JsonObject health = json(get(prefix + "/dashboard/websocket/health", null), 200);
      assertThat(health.getString("status")).isEqualTo("healthy");
      assertThat(health.getString("contract_version")).isEqualTo("1.0.0");
      assertThat(health.getString("node")).isEqualTo("node-1");
      assertThat(health.getInteger("connections")).isNotNull();
      assertThat(Instant.parse(health.getString("timestamp"))).isNotNull();
    }
    assertThat(json(get("/health", null), 200).getString("contract_version")).isEqualTo("1.0.0");
  }

  @Test
  void aNodeThatDrainsSaysSo() {
    try (Gateways draining = Gateways.start()) {
      draining.readiness().drain("stopping");
      HttpResponse<String> answer =
          send(request(draining.port(), "/api/dashboard/websocket/health", null));
      assertThat(json(answer, 503).getString("status")).isEqualTo("draining");
    }
  }

  @Test
  void theLimitsAreThoseOfTheConfiguration() {
    for (String prefix : PREFIXES) {
      JsonObject mine = json(get(prefix + "/dashboard/websocket/limits", null), 200);
      assertThat(mine.getString("contract_version")).isEqualTo("1.0.0");
      assertThat(mine.getInteger("rate_limit_per_second")).isEqualTo(15);
      assertThat(mine.getInteger("rate_limit_burst")).isEqualTo(40);
      assertThat(mine.getDouble("rate_limit_cooldown_seconds")).isEqualTo(5);
      assertThat(mine.getInteger("max_message_bytes")).isEqualTo(65_536);
      assertThat(mine.getInteger("max_subscriptions")).isEqualTo(10);
      assertThat(mine.getDouble("idle_timeout_seconds")).isEqualTo(600);
      assertThat(mine.getInteger("send_failure_limit")).isEqualTo(5);
      JsonObject limits = json(get(prefix + "/limits", null), 200);
      JsonObject all = limits.getJsonObject("dialects");
      mine.remove("contract_version");
      assertThat(all.getJsonObject("dashboard")).isEqualTo(mine);
      assertThat(all.getJsonObject("control").getInteger("max_message_bytes")).isEqualTo(1_048_576);
      assertThat(limits.getJsonObject("stream").getInteger("max_subscriptions")).isEqualTo(200);
      JsonObject node = limits.getJsonObject("node");
      assertThat(node.getDouble("connect_timeout_seconds")).isEqualTo(15);
      assertThat(node.getInteger("max_unadmitted_sockets")).isEqualTo(1000);
      assertThat(node.getInteger("max_body_bytes")).isEqualTo(1_048_576);
    }
  }

  @Test
  void theContractNamesItsVersionsAndASchemaThatCanBeHad() throws GeneralSecurityException {
    for (String prefix : PREFIXES) {
      JsonObject mine = json(get(prefix + "/dashboard/websocket/contract", null), 200);
      assertThat(mine.getString("current_version")).isEqualTo("1.0.0");
      assertThat(mine.getJsonArray("supported_versions")).contains("1.0.0");
      assertThat(mine.getJsonObject("policy").getString("versioning")).isEqualTo("semantic");
      HttpResponse<String> schema = get(mine.getString("schema_url"), null);
      assertThat(schema.statusCode()).isEqualTo(200);
      assertThat(schema.headers().firstValue("Content-Type")).contains("application/schema+json");
      byte[] file = Contract.DASHBOARD.content("dashboard/ws_messages.schema.json");
      assertThat(schema.body().getBytes(java.nio.charset.StandardCharsets.UTF_8)).isEqualTo(file);
      assertThat(mine.getString("sha256"))
          .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file)));
      JsonObject all = json(get(prefix + "/contract", null), 200).getJsonObject("dialects");
      assertThat(all.fieldNames())
          .isEqualTo(
              json(get(prefix + "/limits", null), 200).getJsonObject("dialects").fieldNames());
      all.forEach(
          entry -> {
            JsonObject contract = (JsonObject) entry.getValue();
            assertThat(contract.getString("current_version")).isNotBlank();
            assertThat(get(contract.getString("schema_url"), null).statusCode()).isEqualTo(200);
          });
    }
  }

  @Test
  void theCountsAreForWhoMayReadEvents() {
    DashboardClient client = DashboardClient.greeted(gateways, viewer);
    String tasksOnly =
        NarrowToken.of(gateways.vertx(), gateways.config().identity(), acme, Scope.TASKS_READ);
    for (String prefix : PREFIXES) {
      String path = prefix + "/dashboard/websocket/stats";
      assertThat(get(path, null).statusCode()).isEqualTo(401);
      assertThat(get(path, tasksOnly).statusCode()).isEqualTo(403);
      JsonObject stats = json(get(path, viewer), 200);
      assertThat(stats.getInteger("connections")).isPositive();
      JsonObject mine = stats.getJsonObject("dialects").getJsonObject("dashboard");
      assertThat(mine.getInteger("sessions")).isEqualTo(stats.getInteger("connections"));
      assertThat(mine.getLong("messages_sent")).isGreaterThanOrEqualTo(2);
      assertThat(mine.getLong("bytes_sent")).isPositive();
      assertThat(mine.getJsonObject("subscribed").getInteger("tasks")).isPositive();
    }
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void aBroadcastIsAnAlertThatIsRaised() {
    String admin = gateways.token(acme, Role.ADMIN, Duration.ofHours(1));
    for (String prefix : PREFIXES) {
      String path = prefix + "/dashboard/websocket/broadcast";
      assertThat(send(post(path, null, "{}")).statusCode()).isEqualTo(401);
      HttpResponse<String> answer =
          send(
              post(path, admin, "{\"message\":\"Hear, hear.\"}").header("Idempotency-Key", "once"));
      assertThat(answer.statusCode()).isEqualTo(201);
      CommandRequest asked = gateways.commands().asked(acme).getLast();
      assertThat(asked.kind()).isEqualTo(CommandKind.ALERT_RAISE);
      assertThat(asked.params().text()).isEqualTo("{\"message\":\"Hear, hear.\"}");
      assertThat(asked.idempotencyKey()).isEqualTo("once");
      assertThat(get(path, admin).statusCode()).isEqualTo(405);
    }
  }

  @Test
  void whatAPrincipalMayNotDoIsCounted() {
    Fault missing = Fault.of(Reason.MISSING_SCOPE, "No.");
    gateways.commands().answer(_ -> Future.failedFuture(missing.asException()));
    double before = denied("rest");
    assertThat(
            send(post("/api/dashboard/websocket/broadcast", viewer, "{\"message\":\"x\"}"))
                .statusCode())
        .isEqualTo(403);
    Awaitility.await().until(() -> denied("rest") == before + 1);
    double atSocket = denied("ws");
    DashboardClient client =
        DashboardClient.open(
            gateways,
            NarrowToken.of(gateways.vertx(), gateways.config().identity(), acme, Scope.TASKS_READ));
    client.expect("connection_established");
    client.expect("dashboard_initialized");
    client.expectError("MISSING_SCOPE");
    client.expectError("MISSING_SCOPE");
    Awaitility.await().until(() -> denied("ws") == atSocket + 2);
  }

  private double denied(String via) {
    var counter =
        gateways.meters().find("auth.denied").tags("via", via, "reason", "MISSING_SCOPE").counter();
    return counter == null ? 0 : counter.count();
  }

  @Test
  void theScrapeHasEveryNameAndNothingThatIsNotAboutSockets() {
    for (String prefix : PREFIXES) {
      HttpResponse<String> scrape = get(prefix + "/dashboard/metrics/websockets", null);
      assertThat(scrape.statusCode()).isEqualTo(200);
      assertThat(scrape.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
      Map<String, Long> samples = samples(scrape.body());
      assertThat(samples)
          .containsKeys(
              "messages_sent_total",
              "messages_send_failures_total",
              "messages_received_total",
              "messages_dropped_rate_limit_total",
              "errors_sent_total",
              "connections_total",
              "disconnections_total",
              "backpressure_disconnects_total",
              "bytes_sent_total",
              "bytes_received_total",
              "connections_by_subscription",
              "fanout",
              "connection_queue_depth",
              "connection_queue_depth_max",
              "connection_queue_bytes",
              "connection_queue_bytes_max",
              "auth_success_total",
              "auth_denied_total",
              "flotilla_sessions",
              "flotilla_events_delivered_total");
      assertThat(samples.keySet())
          .noneMatch(name -> name.startsWith("flotilla_feed") || name.startsWith("jvm"));
      assertThat(scrape.body())
          .contains("auth_denied_total{reason=\"TOKEN_MISSING\",via=\"ws\"}")
          .contains("auth_success_total{via=\"rest\"}");
    }
    assertThat(samples(get("/metrics", null).body()))
        .containsKeys("messages_sent_total", "flotilla_feeds");
  }

  /// Sample names with how often they are there.
  private static Map<String, Long> samples(String scrape) {
    Map<String, Long> names = new TreeMap<>();
    scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(line -> names.merge(line.replaceFirst("[{ ].*", ""), 1L, Long::sum));
    return names;
  }

  @Test
  void messagesErrorsSubscriptionsAndFanOutAreCounted() {
    double errors = count("errors.sent");
    double sent = count("messages.sent");
    double bytes = count("bytes.sent");
    double received = count("messages.received");
    double receivedBytes = count("bytes.received");
    DashboardClient one = DashboardClient.greeted(gateways, gateways.token(acme));
    DashboardClient two = DashboardClient.greeted(gateways, gateways.token(acme));
    double watching = gauge("connections.by.subscription", "alerts");
    one.subscribe("alerts");
    Awaitility.await().until(() -> gauge("connections.by.subscription", "alerts") == watching + 1);
    one.send(message("dance"));
    one.expectError("UNKNOWN_TYPE");
    Awaitility.await()
        .until(
            () -> count("errors.sent") == errors + 1 && count("messages.received") == received + 2);
    assertThat(count("bytes.received")).isGreaterThan(receivedBytes + 20);
    gateways.record(acme, "t-1", 1);
    one.expect("task_update");
    two.expect("task_update");
    Awaitility.await()
        .until(() -> count("messages.sent") >= sent + 8 && count("bytes.sent") > bytes + 1000);
    assertThat(gateways.meters().get("fanout").tag("dialect", "dashboard").gauge().value())
        .isGreaterThanOrEqualTo(2);
    double open = gauge("connections.by.subscription", "tasks");
    one.close();
    two.close();
    Awaitility.await()
        .until(
            () ->
                gauge("connections.by.subscription", "tasks") <= open - 2
                    && gauge("connections.by.subscription", "alerts") == watching);
  }

  private double count(String meter) {
    return gateways.meters().get(meter).tag("dialect", "dashboard").functionCounter().count();
  }

  private double gauge(String meter, String subscription) {
    return gateways
        .meters()
        .get(meter)
        .tags("dialect", "dashboard", "subscription", subscription)
        .gauge()
        .value();
  }

  @Test
  void aRefusalIsLoggedWithWhatItIsAbout() {
    try (SessionLines log = new SessionLines()) {
      DashboardClient client = DashboardClient.greeted(gateways, viewer);
      client.send(naming("subscribe", "weather").put("correlation_id", "find-me"));
      client.expectError("UNKNOWN_SUBSCRIPTION");
      client.expect("subscription_updated");
      client.send(
          message("request_data").put("data_type", "rain").put("correlation_id", "find-me-too"));
      client.expect("data_error");
      assertThat(log.await(line -> "find-me".equals(line.get("correlation_id"))))
          .containsEntry("type", "subscribe")
          .containsEntry("subscription", "weather")
          .containsEntry("dialect", "dashboard")
          .containsEntry("tenant", acme.value());
      assertThat(log.await(line -> "find-me-too".equals(line.get("correlation_id"))))
          .containsEntry("type", "request_data")
          .containsEntry("subscription", "rain");
    }
  }

  private static JsonObject json(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
    return new JsonObject(answer.body());
  }

  private HttpResponse<String> get(String path, @Nullable String token) {
    return send(request(gateways.port(), path, token));
  }

  private HttpRequest.Builder post(String path, @Nullable String token, String body) {
    return request(gateways.port(), path, token).POST(BodyPublishers.ofString(body));
  }

  private static HttpRequest.Builder request(int port, String path, @Nullable String token) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Patience.LIMIT);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException failed) {
      throw new IllegalStateException(failed);
    }
  }
}
