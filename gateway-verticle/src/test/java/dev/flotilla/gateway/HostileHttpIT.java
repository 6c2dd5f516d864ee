package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.RawSocket;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostileHttpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Gateways gateways;

  @BeforeAll
  static void start() {
    gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_HTTP_REQUEST_TIMEOUT", "1s",
                "FLOTILLA_HTTP_MAX_HEADER_BYTES", "2048",
                "FLOTILLA_HTTP_MAX_REQUEST_LINE", "512"));
  }

  @AfterAll
  static void stop() {
    gateways.close();
  }

  @Test
  void headersThatAreTooLargeAreRefused() {
    String head =
        answerTo(
            "GET /health/live HTTP/1.1\r\nHost: a\r\nX-Long: " + "x".repeat(4000) + "\r\n\r\n");
    assertThat(head).contains(" 431 ").contains("application/problem+json");
  }

  @Test
  void aFirstLineThatIsTooLongIsRefused() {
    String head = answerTo("GET /health/live?" + "x".repeat(2000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(head).contains(" 414 ").contains("application/problem+json");
  }

  @Test
  void whatIsNoRequestIsRefused() {
    assertThat(answerTo("no request\r\n\r\n")).contains(" 400 ");
  }

  @Test
  void aHeadThatTricklesIsCutOff() {
    try (RawSocket raw = new RawSocket(gateways.port()).patience(PATIENCE)) {
      raw.write("GET /health/live HTTP/1.1\r\nHost: a\r\n".getBytes(StandardCharsets.US_ASCII));
      Thread trickle =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      while (true) {
                        raw.write("X: y\r\n".getBytes(StandardCharsets.US_ASCII));
                        LockSupport.parkNanos(100_000_000);
                      }
                    } catch (UncheckedIOException cutOff) {
                      // What this test is about.
                    }
                  });
      assertThat(raw.isCutOff()).isTrue();
      trickle.interrupt();
    }
  }

  @Test
  void aSecondRequestThatTricklesIsCutOff() {
    try (RawSocket raw = new RawSocket(gateways.port()).patience(PATIENCE)) {
      raw.write(
          "GET /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /heal".getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).contains(" 404 ");
      assertThat(raw.isCutOff()).isTrue();
    }
  }

  @Test
  void aBodyThatDoesNotComeIsRefusedInTime() {
    try (RawSocket raw = new RawSocket(gateways.port()).patience(PATIENCE)) {
      raw.write(
          "POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"
              .getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).contains(" 408 ");
      assertThat(raw.isCutOff()).isTrue();
    }
  }

  @Test
  void anUpgradeWithABodyIsNoUpgradeAndIsCutOff() {
    try (RawSocket raw = new RawSocket(gateways.port()).patience(PATIENCE)) {
      String head =
          String.join(
              "\r\n",
              "GET /events HTTP/1.1",
              "Host: a",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Version: 13",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "Content-Length: 8000",
              "",
              "{");
      raw.write(head.getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).contains(" 426 ");
      assertThat(raw.isCutOff()).isTrue();
    }
  }

  @Test
  void socketsAreNoSlowRequests() {
    Client client = gateways.connected(Gateways.ACME);
    try (RawSocket raw = new RawSocket(gateways.port()).patience(PATIENCE)) {
      // When this one is closed, the clock has looked at all of them.
      raw.write("GET /".getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.isCutOff()).isTrue();
    }
    client.subscribe("tasks");
    gateways.record(Gateways.ACME, "t-1", 1);
    assertThat(client.awaitEvent("task").getLong("seq")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "//api/v1/tasks",
        "/api//v1/tasks",
        "/api/v1/%74asks",
        "/api/v1/tasks;a=b",
        "/api/v1/tasks%3Ba",
        "/API/V1/TASKS",
        "/api/v1/tasks.",
        "/api/v1/tasks/",
        "/api/v1/tasks%20",
        "/api/v1/tasks%00",
        "/api/v1/health/../tasks",
        "/api/v1/health/%2e%2e/tasks",
        "/api/v1/health/..%2ftasks",
        "/api/v1/docs/../tasks",
        "/api/v1/openapi.json/../tasks",
        "/health/..;/api/v1/tasks",
        "/./api/v1/tasks",
        "/api/v1/%2e/tasks",
        "/health/live%2f..%2f..%2fapi/v1/tasks",
      })
  void noSpellingOfAPathLetsAnybodyIn(String path) {
    String head = answerTo("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(head).containsPattern("^HTTP/1.1 4\\d\\d ");
    assertThat(gateways.commands().asked()).isEmpty();
  }

  @Test
  void othersAreServedMeanwhile() {
    try (RawSocket slow = new RawSocket(gateways.port())) {
      slow.write("GET /".getBytes(StandardCharsets.US_ASCII));
      assertThat(Http.get(gateways.port(), "/health/live", Map.of()).statusCode()).isEqualTo(200);
    }
  }

  private static String answerTo(String request) {
    try (RawSocket raw = new RawSocket(gateways.port())) {
      return raw.write(request.getBytes(StandardCharsets.US_ASCII)).readHead();
    }
  }
}
