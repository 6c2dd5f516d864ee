package dev.flotilla.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.ConfigChange;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.store.Migrations;
import dev.flotilla.testkit.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A node from its first moment on, and while it runs.
class NodeIT {
  private static final Duration PATIENCE = Patience.LIMIT;
  private static final String ORIGIN = "https://new.example.com";
  private static final String DOING = "It waits for a test.";

  private static Ward ward;

  @BeforeAll
  static void stores() throws Exception {
    ward = new Ward();
  }

  @AfterAll
  static void close() throws Exception {
    ward.close();
  }

  @Test
  void aNodeAnswersBeforeItServesAndThenNobodyIsRefused() throws Exception {
    Path file = ward.file("n2", 1, Map.of());
    URI node = URI.create("http://127.0.0.1:" + Ward.config(file).gateway().port());
    Map<String, HttpResponse<String>> early = new HashMap<>();
    List<Integer> upgrades = new ArrayList<>();
    try (Knocking knocking = new Knocking(node.getPort())) {
      ward.start(
          file,
          Clock.systemUTC(),
          readiness -> {
            readiness.starts(DOING);
            for (String path : List.of("/health/live", "/health/ready", "/api/v1/tasks")) {
              early.put(path, get(node.resolve(path)));
            }
            upgrades.add(upgraded(node));
            knocking.begin();
            Migrations.migrate(Ward.config(file).postgres());
          });
      await().atMost(PATIENCE).until(() -> knocking.heard().contains(200));
      assertThat(knocking.refusals()).isEmpty();
      assertThat(knocking.heard()).containsOnly(200, 503);
    }
    assertThat(early.get("/health/live"))
        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200));
    assertThat(early.get("/health/ready"))
        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(503))
        .satisfies(answer -> assertThat(answer.body()).contains("\"start\"", DOING));
    assertThat(early.get("/api/v1/tasks"))
        .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(503))
        .satisfies(answer -> assertThat(answer.body()).contains("\"UNAVAILABLE\"", DOING))
        .satisfies(
            answer ->
                assertThat(answer.headers().map())
                    .containsEntry("content-type", List.of("application/problem+json"))
                    .containsEntry("retry-after", List.of("2")));
    assertThat(upgrades).containsExactly(503);
    assertThat(get(node.resolve("/api/v1/tasks")).statusCode()).isEqualTo(401);
    assertThat(get(node.resolve("/health/live")).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> get(URI uri) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// The status that a WebSocket is refused with.
  private static int upgraded(URI node) {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI socket = URI.create("ws://127.0.0.1:" + node.getPort() + "/events");
      http.newWebSocketBuilder().buildAsync(socket, new WebSocket.Listener() {}).join();
      return 101;
    } catch (CompletionException refused) {
      return refused.getCause() instanceof WebSocketHandshakeException said
          ? said.getResponse().statusCode()
          : 0;
    }
  }

  @Test
  void whatCanChangeIsTakenAndSocketsStay() throws Exception {
    Path before = ward.file("n1", 0, Map.of());
    ward.start(before, Clock.systemUTC());
    FleetConfig running = Ward.config(before);
    // Where the client says that it comes from.
    String own = "http://127.0.0.1:" + running.gateway().port();
    Path after =
        ward.like(
            before,
            "n1",
            Map.of(
                "gateway.allowedOrigins", List.of(ORIGIN, own),
                "gateway.commandTimeout", "9s",
                "dialects.control", Map.of("maxSubscriptions", 1)));
    ConfigChange change = ConfigChange.of(running, Ward.config(after));
    assertThat(change.taken())
        .containsExactlyInAnyOrder("gateway.allowedOrigins", "dialects.control.maxSubscriptions");
    assertThat(change.waiting()).containsExactly("gateway.commandTimeout");
    assertThat(change.config().gateway().commandTimeout())
        .isEqualTo(running.gateway().commandTimeout());

    Vertx vertx = Vertx.vertx();
    WebSocketClient sockets = vertx.createWebSocketClient(ControlClient.options());
    URI node = URI.create("http://127.0.0.1:" + running.gateway().port());
    String token =
        new Tokens(vertx, running.identity(), Clock.systemUTC())
            .issue(
                new TenantId("acme"),
                new UserId("alice"),
                List.of(Role.OPERATOR),
                Duration.ofHours(1));
    ControlClient old = ControlClient.connect(sockets, node, token, _ -> {}).await();
    assertThat(sharedWith(node)).isFalse();

    ward.node("n1").reload(change.config());

    // Each loop reloads by itself, and each request may come to another one.
    await().atMost(PATIENCE).until(() -> everyLoopSharesWith(node));
    old.subscribe(List.of("tasks", "agents")).await();
    ControlClient fresh = ControlClient.connect(sockets, node, token, _ -> {}).await();
    assertThat(
            fresh
                .subscribe(List.of("tasks", "agents"))
                .transform(done -> io.vertx.core.Future.succeededFuture(done.failed()))
                .await())
        .isTrue();
    assertThat(old.request("task.list", new JsonObject(), null).await()).isNotNull();
    vertx.close().await();
  }

  @Test
  void sighupIsHeard() throws Exception {
    assumeThat(ignoresHangups())
        .as("this process was started with SIGHUP ignored, as nohup does: no JVM hears it then")
        .isFalse();
    CountDownLatch heard = new CountDownLatch(2);
    Hangup.listen(heard::countDown);
    String own = Long.toString(ProcessHandle.current().pid());
    for (int i = 0; i < 2; i++) {
      long before = heard.getCount();
      assertThat(new ProcessBuilder("kill", "-HUP", own).start().waitFor()).isZero();
      await().atMost(PATIENCE).until(() -> heard.getCount() < before);
    }
    assertThat(heard.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  private static boolean ignoresHangups() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(line -> (Character.digit(line.charAt(line.length() - 1), 16) & 1) == 1);
  }

  private static boolean everyLoopSharesWith(URI node) throws Exception {
    for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors() + 4; i++) {
      if (!sharedWith(node)) {
        return false;
      }
    }
    return true;
  }

  private static boolean sharedWith(URI node) throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(node.resolve("/health/live")).header("Origin", ORIGIN).build(),
              BodyHandlers.ofString());
      return answer.headers().firstValue("Access-Control-Allow-Origin").isPresent();
    }
  }
}
