package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
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
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ConditionalIT {
  private static final String PATH = "/api/v1/registry/instances/eu-1";

  private static Gateways gateways;

  @BeforeAll
  static void start() {
    gateways =
        Gateways.start(Map.of("FLOTILLA_GATEWAY_ALLOWED_ORIGINS", "https://ops.example.com"));
    RawJson view = new RawJson("{\"id\":\"eu-1\",\"revision\":7}");
    gateways.commands().answer(CommandKind.INSTANCE_GET, _ -> Future.succeededFuture(view));
    gateways
        .commands()
        .answer(
            CommandKind.INSTANCE_UPDATE,
            request ->
                new JsonObject(request.params().text()).getLong("revision", 7L) == 7
                    ? Future.succeededFuture(new RawJson("{\"id\":\"eu-1\",\"revision\":8}"))
                    : Future.failedFuture(
                        Fault.of(Reason.STALE_REVISION, "It has revision 7.").asException()));
  }

  @AfterAll
  static void stop() {
    gateways.close();
  }

  @Test
  void whatHasARevisionHasATag() {
    HttpResponse<String> answer = Http.get(gateways.port(), PATH, authorised());
    String tag = answer.headers().firstValue("ETag").orElseThrow();
    assertThat(tag).startsWith("\"7-");
    HttpResponse<String> again = Http.get(gateways.port(), PATH, authorised("If-None-Match", tag));
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    // The same revision may show another state of the moment.
    assertThat(Http.get(gateways.port(), PATH, authorised("If-None-Match", "\"7\"")).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aChangeOfWhatWasReadSucceeds() throws Exception {
    String tag =
        Http.get(gateways.port(), PATH, authorised()).headers().firstValue("ETag").orElseThrow();
    for (String read : new String[] {tag, "\"7\""}) {
      HttpResponse<String> answer = patch(authorised("If-Match", read));
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("ETag").orElseThrow()).startsWith("\"8-");
    }
  }

  @Test
  void aChangeOfWhatHasChangedSinceIsRefused() throws Exception {
    HttpResponse<String> answer = patch(authorised("If-Match", "\"6\""));
    assertThat(answer.statusCode()).isEqualTo(412);
    assertThat(new JsonObject(answer.body()).getString("reason")).isEqualTo("PRECONDITION_FAILED");
    assertThat(new JsonObject(answer.body()).getString("code")).isEqualTo("CONFLICT");
  }

  @Test
  void aConditionThatCannotBeCheckedIsRefused() throws Exception {
    assertThat(patch(authorised("If-Match", "W/\"x\"")).statusCode()).isEqualTo(400);
    HttpResponse<String> noRevision =
        Http.post(gateways.port(), "/api/v1/tasks", authorised("If-Match", "\"1\""), "{}");
    assertThat(noRevision.statusCode()).isEqualTo(400);
  }

  @Test
  void pagesOfNamedOriginsMayAsk() throws Exception {
    HttpResponse<String> allowed = preflight("https://ops.example.com");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://ops.example.com");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Headers").orElse(""))
        .contains("if-match");
    HttpResponse<String> other = preflight("https://evil.example");
    assertThat(other.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    assertThat(other.headers().firstValue("Access-Control-Allow-Methods")).isEmpty();
  }

  @Test
  void theApiCanBeBrowsedWithoutAnythingFromElsewhere() {
    for (String prefix : new String[] {"/api/v1", "/api"}) {
      HttpResponse<String> page = Http.get(gateways.port(), prefix + "/docs", Map.of());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
          .contains("default-src 'none'")
          .doesNotContain("unsafe");
      assertThat(page.body()).doesNotContain("http://", "https://", "onclick", "<style");
      for (String file : new String[] {"page.js", "page.css"}) {
        assertThat(page.body()).contains("docs/" + file);
        assertThat(Http.get(gateways.port(), prefix + "/docs/" + file, Map.of()).statusCode())
            .isEqualTo(200);
      }
    }
  }

  private static Map<String, String> authorised(String... header) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Authorization", "Bearer " + gateways.token(Gateways.ACME));
    if (header.length > 0) {
      headers.put(header[0], header[1]);
    }
    return headers;
  }

  private static HttpResponse<String> patch(Map<String, String> headers) throws Exception {
    HttpRequest.Builder request =
        request().method("PATCH", BodyPublishers.ofString("{\"region\":\"eu\"}"));
    headers.forEach(request::header);
    return send(request);
  }

  private static HttpResponse<String> preflight(String origin) throws Exception {
    return send(
        request()
            .method("OPTIONS", BodyPublishers.noBody())
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "PATCH"));
  }

  private static HttpRequest.Builder request() {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateways.port() + PATH));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }
}
