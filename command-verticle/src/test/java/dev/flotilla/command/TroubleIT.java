package dev.flotilla.command;

import static dev.flotilla.contract.CommandKind.INSTANCE_REGISTER;
import static dev.flotilla.contract.CommandKind.WEBHOOK_CREATE;
import static dev.flotilla.contract.CommandKind.WEBHOOK_LIST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.OpsResult.WebhookPage;
import dev.flotilla.contract.OpsResult.WebhookView;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Role;
import dev.flotilla.wire.Json;
import io.vertx.core.http.HttpServer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TroubleIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "a secret of some length";
  private static CommandFleet fleet;
  private static long repeating = -1;

  private record Called(String signature, String delivery, String body) {}

  @BeforeAll
  static void start() {
    // What is suspected is told after a report's limit.
    Map<String, String> settings =
        Map.of(
            "FLOTILLA_REGISTRY_HEALTH_ALERT_AFTER", "1s", "FLOTILLA_REGISTRY_REPORT_LIMIT", "5s");
    fleet = new CommandFleet(settings, "n1", "n2");
  }

  @AfterAll
  static void stop() {
    fleet.close();
  }

  @Test
  void whoIsDownForLongIsToldOnceWithASignedCallThatIsMadeUntilItIsTaken() throws Exception {
    Principal who = CommandFleet.principal("trouble", "tom", Role.ADMIN);
    List<Called> calls = new CopyOnWriteArrayList<>();
    AtomicInteger refusals = new AtomicInteger(2);
    HttpServer server =
        fleet
            .vertx
            .createHttpServer()
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              if (refusals.getAndDecrement() > 0) {
                                request.response().setStatusCode(503).end();
                                return;
                              }
                              calls.add(
                                  new Called(
                                      request.getHeader("X-Flotilla-Signature"),
                                      request.getHeader("X-Flotilla-Delivery"),
                                      body.toString()));
                              request.response().setStatusCode(204).end();
                            }))
            .listen(0, "127.0.0.1")
            .await();
    Map<String, Object> hook =
        Map.of("url", "http://127.0.0.1:" + server.actualPort() + "/hook", "secret", SECRET);
    // One that cannot be called at all, before it in the row.
    Map<String, Object> impossible = Map.of("url", "http://127.0.0.1:1/", "secret", SECRET);
    fleet.ask(who, WEBHOOK_CREATE, impossible, "impossible", WebhookView.class);
    fleet.row(
        "update webhooks set url = 'http://127.0.0.1:99999/' where tenant = 'trouble' returning"
            + " id");
    // And one whose address has become a forbidden one.
    String forbidden =
        fleet.ask(who, WEBHOOK_CREATE, impossible, "forbidden", WebhookView.class).id();
    fleet.row(
        "update webhooks set url = 'http://169.254.169.254:1/' where id = $1 returning id",
        forbidden);
    fleet.ask(who, WEBHOOK_CREATE, hook, "hook", WebhookView.class);
    Instant since = Instant.now().minusSeconds(30);
    tell(InstanceState.DOWN, since);
    for (String id : List.of("t-down", "t-up")) {
      fleet.ask(
          who,
          INSTANCE_REGISTER,
          Map.of("id", id, "url", "ws://127.0.0.1:1", "token", "t"),
          id,
          InstanceView.class);
    }
    await().atMost(PATIENCE).until(() -> alerts(who).size() == 1);
    assertThat(alerts(who).getFirst().severity()).isEqualTo(AlertSeverity.CRITICAL);
    assertThat(alerts(who).getFirst().message()).contains("t-down").contains("cable");
    await().atMost(PATIENCE).until(() -> calls.size() == 1);
    JsonNode body = Json.read(calls.getFirst().body(), JsonNode.class);
    assertThat(body.path("type").asText()).isEqualTo("alert.raised");
    assertThat(body.path("tenant").asText()).isEqualTo("trouble");
    assertThat(body.path("subject").asText()).isEqualTo("instance:t-down");
    assertThat(calls.getFirst().delivery()).startsWith(body.path("id").asText());
    assertThat(calls.getFirst().signature()).isEqualTo(expected(calls.getFirst()));
    tell(InstanceState.READY, Instant.now());
    await().atMost(PATIENCE).until(() -> calls.size() == 2);
    assertThat(calls.getLast().body()).contains("alert.resolved");
    assertThat(alerts(who))
        .extracting(Fact.AlertRaised::severity)
        .containsExactly(AlertSeverity.CRITICAL, AlertSeverity.INFO);
    await().atMost(PATIENCE).until(() -> lastError(who, forbidden).contains("egress.deny"));
    server.close().await();
  }

  private static String lastError(Principal who, String hook) {
    return fleet.ask(who, WEBHOOK_LIST, Map.of(), null, WebhookPage.class).items().stream()
        .filter(each -> each.id().equals(hook))
        .map(each -> String.valueOf(each.lastError()))
        .findFirst()
        .orElse("");
  }

  /// Repeats it, as owners of links do: an old report says something else.
  private static void tell(InstanceState state, Instant since) {
    fleet.vertx.cancelTimer(repeating);
    repeating = fleet.vertx.setPeriodic(0, 200, _ -> report(state, since));
  }

  private static void report(InstanceState state, Instant since) {
    fleet.registry.reports =
        List.of(
            report("t-down", state, since, "cable"),
            report("t-up", InstanceState.READY, since, "connected"));
  }

  private static InstanceReport report(
      String id, InstanceState state, Instant since, String reason) {
    return new InstanceReport(
        new InstanceId(id),
        state,
        reason,
        since,
        new NodeId("n1"),
        null,
        0,
        List.of(),
        Instant.now());
  }

  private static List<Fact.AlertRaised> alerts(Principal who) {
    return fleet.log.read(who.tenant(), 0, Long.MAX_VALUE, 1000).await().stream()
        .filter(event -> event.fact() instanceof Fact.AlertRaised)
        .map(event -> (Fact.AlertRaised) event.fact())
        .toList();
  }

  private static String expected(Called call) throws Exception {
    String time = call.signature().substring(2, call.signature().indexOf(','));
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] sum = mac.doFinal((time + "." + call.body()).getBytes(StandardCharsets.UTF_8));
    return "t=" + time + ",v1=" + HexFormat.of().formatHex(sum);
  }
}
