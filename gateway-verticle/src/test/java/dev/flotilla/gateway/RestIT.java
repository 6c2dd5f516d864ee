package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.CommandNode;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.identity.Role;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestIT {
  private final Gateways gateways =
      Gateways.start(Map.of("FLOTILLA_GATEWAY_MAX_BODY_BYTES", "10000"));
  private final CommandNode commands = gateways.commands();
  private final HttpClient http = HttpClient.newHttpClient();

  /// Each test has its own.
  private TenantId acme;

  private String token;

  @AfterAll
  void stop() {
    http.close();
    gateways.close();
  }

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
    token = gateways.token(acme);
    commands.asked().clear();
    commands.answer(_ -> Future.succeededFuture(new RawJson("{\"done\":true}")));
  }

  @Test
  void everyRowOfTheCommandTableIsServedUnderBothPrefixes() {
    String platform = gateways.token(acme, Role.PLATFORM, Duration.ofHours(1));
    for (CommandKind kind : CommandKind.values()) {
      for (String prefix : List.of("/api", "/api/v1")) {
        commands.asked().clear();
        String path = prefix + kind.rest().path().replaceAll(":\\w+", "x-1");
        HttpRequest.Builder request =
            request(path)
                .header("Authorization", "Bearer " + platform)
                .method(
                    kind.rest().verb().name(),
                    kind.rest().verb().name().startsWith("P")
                        ? BodyPublishers.ofString("{}")
                        : BodyPublishers.noBody());
        HttpResponse<String> answer = send(request);
        assertThat(answer.statusCode()).as(path).isEqualTo(kind.rest().status());
        assertThat(answer.body()).isEqualTo("{\"done\":true}");
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        CommandRequest asked = commands.asked().getFirst();
        assertThat(asked.kind()).isEqualTo(kind);
        assertThat(new JsonObject(asked.params().text())).isEqualTo(paramsOf(kind.rest().path()));
      }
    }
  }

  private static JsonObject paramsOf(String path) {
    JsonObject params = new JsonObject();
    Matcher param = Pattern.compile(":(\\w+)").matcher(path);
    while (param.find()) {
      params.put(param.group(1), "x-1");
    }
    return params;
  }

  @Test
  void theBodyOfAPatchBecomesTheParamsToo() {
    send(
        authorised("/api/v1/registry/instances/i-1")
            .method("PATCH", BodyPublishers.ofString("{\"revision\":3,\"zone\":\"\"}")));
    assertThat(new JsonObject(commands.asked().getFirst().params().text()))
        .isEqualTo(new JsonObject("{\"id\":\"i-1\",\"revision\":3,\"zone\":\"\"}"));
  }

  @Test
  void theBodyBecomesTheParams() {
    HttpResponse<String> answer =
        send(post("/api/v1/tasks", "{\"prompt\":\"é\",\"priority\":\"high\"}"));
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(commands.asked().getFirst().params().text())
        .isEqualTo("{\"prompt\":\"é\",\"priority\":\"high\"}");
    assertThat(commands.asked().getFirst().principal().tenant()).isEqualTo(acme);
  }

  @Test
  void pathAndBodyMakeTheParamsTogether() {
    send(post("/api/v1/tasks/t-1/cancel", "{\"reason\":\"late\"}"));
    assertThat(commands.asked().getFirst().params().text())
        .isEqualTo("{\"reason\":\"late\",\"id\":\"t-1\"}");
    assertProblem(send(post("/api/v1/tasks/t-1/cancel", "{\"id\":\"t-2\"}")), 400, "INVALID_FIELD");
    assertThat(commands.asked()).hasSize(1);
  }

  @Test
  void theQueryBecomesTypedParams() {
    send(authorised("/api/tasks?state=pending&limit=20&cursor=7").GET());
    assertThat(new JsonObject(commands.asked().getFirst().params().text()))
        .isEqualTo(new JsonObject("{\"state\":\"pending\",\"limit\":20,\"cursor\":\"7\"}"));
    send(authorised("/api/tasks?limit=many&colour=red").GET());
    assertThat(new JsonObject(commands.asked().get(1).params().text()))
        .isEqualTo(new JsonObject("{\"limit\":\"many\",\"colour\":\"red\"}"));
    send(authorised("/api/dead-letters?since=1763600000000").GET());
    assertThat(commands.asked().get(2).params().text()).isEqualTo("{\"since\":1763600000000}");
    assertProblem(send(authorised("/api/tasks?limit=1&limit=2").GET()), 400, "INVALID_FIELD");
    assertProblem(send(post("/api/tasks?prompt=x", "{}")), 400, "INVALID_FIELD");
  }

  @Test
  void theIdempotencyKeyIsPassedOnAndMadeUpWhereThereIsNone() {
    send(post("/api/tasks", "{}").header("Idempotency-Key", "mine"));
    send(post("/api/tasks", "{}"));
    send(post("/api/tasks", "{}"));
    send(authorised("/api/tasks").GET().header("Idempotency-Key", "mine"));
    List<CommandRequest> asked = commands.asked();
    assertThat(asked.get(0).idempotencyKey()).isEqualTo("mine");
    assertThat(asked.get(1).idempotencyKey())
        .isNotBlank()
        .isNotEqualTo(asked.get(2).idempotencyKey());
    assertThat(asked.get(3).idempotencyKey()).isNull();
    assertProblem(
        send(post("/api/tasks", "{}").header("Idempotency-Key", "with space")),
        400,
        "INVALID_FIELD");
  }

  @Test
  void theCorrelationIdComesBackAndIsSanitised() {
    HttpResponse<String> answer =
        send(post("/api/tasks", "{}").header("X-Correlation-Id", "abc-1"));
    assertThat(answer.headers().firstValue("X-Correlation-Id")).contains("abc-1");
    assertThat(commands.asked().getFirst().correlationId()).isEqualTo("abc-1");
    HttpResponse<String> other =
        send(post("/api/tasks", "{}").header("X-Correlation-Id", "<script>"));
    assertThat(other.headers().firstValue("X-Correlation-Id").orElseThrow())
        .isNotEqualTo("<script>")
        .isEqualTo(commands.asked().get(1).correlationId());
  }

  @Test
  void aFaultIsAProblemWithEverythingInIt() {
    commands.answer(
        _ -> Future.failedFuture(new Fault(Reason.IN_PROGRESS, "Wait.", "x", 1500L).asException()));
    HttpResponse<String> answer =
        send(post("/api/tasks", "{}").header("X-Correlation-Id", "abc-2"));
    JsonObject problem = assertProblem(answer, 409, "IN_PROGRESS");
    assertThat(problem.getString("type")).isEqualTo("urn:flotilla:problem:in-progress");
    assertThat(problem.getString("title")).isEqualTo("In progress");
    assertThat(problem.getInteger("status")).isEqualTo(409);
    assertThat(problem.getString("detail")).isEqualTo("Wait.");
    assertThat(problem.getString("code")).isEqualTo("CONFLICT");
    assertThat(problem.getString("field")).isEqualTo("x");
    assertThat(problem.getBoolean("retryable")).isTrue();
    assertThat(problem.getLong("retryAfterMs")).isEqualTo(1500);
    assertThat(problem.getString("correlationId")).isEqualTo("abc-2");
    assertThat(answer.headers().firstValue("Retry-After")).contains("2");
  }

  @Test
  void everyReasonHasItsStatus() {
    for (Reason reason : Reason.values()) {
      commands.answer(_ -> Future.failedFuture(Fault.of(reason, "So it is.").asException()));
      assertProblem(send(authorised("/api/tasks").GET()), reason.httpStatus(), reason.name());
    }
  }

  @Test
  void nobodyGetsInWithoutAToken() {
    HttpResponse<String> answer = send(request("/api/v1/tasks").GET());
    assertProblem(answer, 401, "TOKEN_MISSING");
    assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertProblem(
        send(request("/api/v1/tasks").GET().header("Authorization", "Bearer x.y.z")),
        401,
        "TOKEN_INVALID");
    assertProblem(
        send(request("/api/v1/tasks").GET().header("Authorization", "Basic " + token)),
        401,
        "TOKEN_MISSING");
    assertThat(commands.asked()).isEmpty();
  }

  @Test
  void noSpellingOfAPathGetsAroundTheToken() {
    for (String path :
        List.of(
            "//api/v1/tasks",
            "/api//v1/tasks",
            "/api/v1/tasks;x=1",
            "/health/../api/v1/tasks",
            "/health/%2e%2e/api/v1/tasks",
            "/api/v1/%74asks",
            "/api/v1/tasks/",
            "/api/v1/tasks%2f",
            "/api/v1/tasks%00",
            "/api/v1/health/..;/tasks",
            "/API/v1/tasks")) {
      try (RawSocket raw = new RawSocket(gateways.port())) {
        raw.write(
            ("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        assertThat(raw.readHead()).as(path).matches("(?s)HTTP/1.1 (400|401|404) .*");
      }
    }
    assertThat(commands.asked()).isEmpty();
  }

  @Test
  void aBodyThatIsNotOneJsonObjectIsRefused() {
    for (String body :
        List.of(
            "{",
            "[]",
            "7",
            "{} {}",
            "{\"a\":1,\"a\":2}",
            "\u0000",
            "nope",
            "{\"n\":1e99999999999}")) {
      assertProblem(send(post("/api/tasks", body)), 400, "NOT_JSON");
    }
    byte[] notUtf8 = {'{', '"', (byte) 0xff, '"', ':', '1', '}'};
    assertProblem(
        send(authorised("/api/tasks").POST(BodyPublishers.ofByteArray(notUtf8))), 400, "NOT_JSON");
    assertProblem(
        send(post("/api/tasks", "{\"a\":".repeat(100) + "1" + "}".repeat(100))), 400, "NOT_JSON");
    assertThat(commands.asked()).isEmpty();
    send(authorised("/api/tasks").POST(BodyPublishers.noBody()));
    assertThat(commands.asked().getFirst().params().text()).isEqualTo("{}");
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    String fits = "{\"prompt\":\"" + "x".repeat(9_900) + "\"}";
    assertThat(send(post("/api/tasks", fits)).statusCode()).isEqualTo(201);
    String tooLarge = "{\"prompt\":\"" + "x".repeat(30_000) + "\"}";
    assertProblem(send(post("/api/tasks", tooLarge)), 413, "PAYLOAD_TOO_LARGE");
    assertThat(send(post("/api/tasks", fits)).statusCode()).isEqualTo(201);
  }

  @Test
  void whatIsNotThereIsAProblem() {
    assertProblem(send(authorised("/api/v1/nothing").GET()), 404, "NOT_FOUND");
    assertProblem(send(authorised("/").GET()), 404, "NOT_FOUND");
    HttpResponse<String> wrong = send(authorised("/api/v1/tasks/t-1").DELETE());
    assertProblem(wrong, 405, "METHOD_NOT_ALLOWED");
    assertThat(wrong.headers().firstValue("Allow")).contains("GET");
    HttpResponse<String> tasks = send(authorised("/api/v1/tasks").DELETE());
    assertThat(tasks.headers().firstValue("Allow")).contains("GET, POST");
    assertProblem(send(authorised("/events").GET()), 426, "UPGRADE_REQUIRED");
  }

  @Test
  void aPathThatCannotBeDecodedIsABadRequest() {
    try (RawSocket raw = new RawSocket(gateways.port())) {
      raw.write(
          "GET /api/v1/tasks/%zz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 400").contains("application/problem+json");
    }
  }

  @Test
  void browsersAreToldToTrustNothing() {
    HttpResponse<String> answer = send(authorised("/api/v1/tasks").GET());
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'");
  }

  @Test
  void metricsAreInTheFormatOfPrometheus() {
    send(authorised("/api/v1/tasks").GET());
    HttpResponse<String> scrape = send(request("/metrics").GET());
    assertThat(scrape.statusCode()).isEqualTo(200);
    assertThat(scrape.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/plain");
    assertThat(scrape.body())
        .contains("# TYPE flotilla_request_time_seconds histogram")
        .contains("flotilla_sessions ")
        .contains("flotilla_feeds ");
  }

  @Test
  void healthTellsTheTruth() {
    try (Gateways own = Gateways.start()) {
      own.readiness().add("store", () -> Future.succeededFuture("fine"));
      for (String prefix : List.of("", "/api", "/api/v1")) {
        assertThat(get(own, prefix + "/health").statusCode()).isEqualTo(200);
        assertThat(get(own, prefix + "/health/ready").statusCode()).isEqualTo(200);
        assertThat(get(own, prefix + "/health/live").statusCode()).isEqualTo(200);
      }
      JsonObject health = new JsonObject(get(own, "/health").body());
      assertThat(health.getString("status")).isEqualTo("ready");
      assertThat(health.getString("node")).isEqualTo("node-1");
      assertThat(health.getString("version")).isNotBlank();
      assertThat(health.getJsonArray("roles")).contains("gateway", "command");
      JsonObject part = health.getJsonArray("parts").getJsonObject(1);
      assertThat(part.getString("name")).isEqualTo("store");
      assertThat(part.getBoolean("ready")).isTrue();
      assertThat(part.getLong("latencyMs")).isNotNegative();
      own.readiness().add("store", () -> Future.failedFuture("gone"));
      Awaitility.await()
          .untilAsserted(
              () -> {
                HttpResponse<String> ready = get(own, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains("\"detail\":\"gone\"");
              });
      assertThat(get(own, "/health/live").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aNodeWithoutTheGatewayRoleOnlySaysHowItIs() {
    try (Gateways own = Gateways.start(Map.of("FLOTILLA_NODE_ROLES", "[command]"))) {
      assertThat(get(own, "/health").statusCode()).isEqualTo(200);
      assertThat(get(own, "/metrics").statusCode()).isEqualTo(200);
      assertThat(get(own, "/api/v1/tasks").statusCode()).isEqualTo(404);
      assertThat(get(own, "/events").statusCode()).isEqualTo(404);
    }
  }

  private HttpResponse<String> get(Gateways of, String path) {
    return send(HttpRequest.newBuilder(uri(of, path)).GET());
  }

  private HttpRequest.Builder post(String path, String body) {
    return authorised(path).POST(BodyPublishers.ofString(body));
  }

  private HttpRequest.Builder authorised(String path) {
    return request(path).header("Authorization", "Bearer " + token);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(gateways, path));
  }

  private static URI uri(Gateways of, String path) {
    return URI.create("http://127.0.0.1:" + of.port() + path);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(Patience.LIMIT).build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new AssertionError(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static JsonObject assertProblem(HttpResponse<String> answer, int status, String reason) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("reason")).isEqualTo(reason);
    return problem;
  }
}
