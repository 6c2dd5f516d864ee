package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.CommandNode;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallIT {
  private final Gateways gateways = Gateways.start();
  private final CommandNode commands = gateways.commands();

  /// Each test has its own.
  private TenantId acme;

  private Map<String, String> bearer;

  @AfterAll
  void stop() {
    gateways.close();
  }

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    bearer =
        Map.of("Authorization", "Bearer " + gateways.token(acme), "X-Correlation-Id", "corr-1");
    commands.asked().clear();
    commands.answer(_ -> Future.succeededFuture(new RawJson("{\"done\":true}")));
  }

  @Test
  void aRequestFrameIsAnsweredByItsRes() {
    for (String prefix : List.of("/api", "/api/v1")) {
      HttpResponse<String> answer =
          Http.post(
              gateways.port(),
              prefix + "/call",
              bearer,
              """
              {"type": "req", "id": "7", "method": "task.create",
               "params": {"prompt": "hi"}, "idempotencyKey": "k-1"}
              """);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.body())
          .isEqualTo("{\"type\":\"res\",\"id\":\"7\",\"ok\":true,\"payload\":{\"done\":true}}");
      CommandRequest asked = commands.asked(acme).getLast();
      assertThat(asked.kind()).isEqualTo(CommandKind.TASK_CREATE);
      assertThat(asked.params().text()).isEqualTo("{\"prompt\":\"hi\"}");
      assertThat(asked.idempotencyKey()).isEqualTo("k-1");
      assertThat(asked.principal().user().value()).isEqualTo("alice");
      assertThat(asked.correlationId()).isEqualTo("corr-1");
    }
  }

  @Test
  void aRequestWithoutAnIdIsAnsweredUnderItsCorrelation() {
    HttpResponse<String> answer = call("{\"method\":\"task.list\"}");
    assertThat(new JsonObject(answer.body()).getString("id")).isEqualTo("corr-1");
  }

  @Test
  void aFaultIsARefusalWithItsStatus() {
    commands.answer(_ -> Future.failedFuture(Fault.of(Reason.WRONG_STATE, "Over.").asException()));
    HttpResponse<String> answer = call("{\"id\":\"1\",\"method\":\"task.cancel\"}");
    assertThat(answer.statusCode()).isEqualTo(409);
    JsonObject res = new JsonObject(answer.body());
    assertThat(res.getString("type")).isEqualTo("res");
    assertThat(res.getBoolean("ok")).isFalse();
    assertThat(res.getJsonObject("error").getString("reason")).isEqualTo("WRONG_STATE");
    assertThat(res.getJsonObject("error").getString("correlationId")).isEqualTo("corr-1");
  }

  @Test
  void whatNeedsASessionIsNoMethodHere() {
    HttpResponse<String> answer = call("{\"method\":\"subscribe\"}");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(answer.body()).getJsonObject("error").getString("reason"))
        .isEqualTo("UNKNOWN_METHOD");
  }

  @Test
  void whatIsNoRequestIsAProblem() {
    assertProblem(call("nonsense"), 400, "NOT_JSON");
    assertProblem(call("{\"method\":7}"), 400, "INVALID_FIELD");
    assertProblem(call("{\"method\":\"task.list\",\"more\":1}"), 400, "INVALID_FIELD");
    assertProblem(call("{\"type\":\"connect\",\"method\":\"task.list\"}"), 400, "UNKNOWN_TYPE");
    assertProblem(
        Http.post(gateways.port(), "/api/call", Map.of(), "{\"method\":\"task.list\"}"),
        401,
        "TOKEN_MISSING");
    assertThat(commands.asked()).isEmpty();
  }

  @Test
  void aNodeThatStopsRefusesChanges() {
    try (Gateways own = Gateways.start()) {
      own.whileStopping(
          () -> {
            assertThat(statusOf(own, "task.create")).isEqualTo(503);
            assertThat(statusOf(own, "task.list")).isEqualTo(200);
          });
    }
  }

  private static int statusOf(Gateways own, String method) {
    return Http.post(
            own.port(),
            "/api/call",
            Map.of("Authorization", "Bearer " + own.token(Gateways.ACME)),
            new JsonObject().put("method", method).encode())
        .statusCode();
  }

  private HttpResponse<String> call(String body) {
    return Http.post(gateways.port(), "/api/v1/call", bearer, body);
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo(reason);
  }
}
