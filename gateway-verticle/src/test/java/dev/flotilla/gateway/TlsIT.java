package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.LogTape;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.Pem;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  private static final Duration PATIENCE = Patience.LIMIT;

  @TempDir static Path directory;

  private static Pem pair;
  private static Gateways gateways;
  private static WebSocketClient sockets;

  @BeforeAll
  static void start() {
    pair = Pem.make(directory, "first", "-1d", 30);
    gateways =
        Gateways.start(
            Map.of(
                "FLOTILLA_HTTP_CERTIFICATE", pair.certificate().toString(),
                "FLOTILLA_HTTP_KEY", pair.key().toString(),
                "FLOTILLA_HTTP_RENEWAL_CHECK", "200ms"));
    sockets =
        gateways
            .vertx()
            .createWebSocketClient(
                new WebSocketClientOptions().setSsl(true).setTrustAll(true).setVerifyHost(false));
  }

  @AfterAll
  static void stop() {
    gateways.close();
  }

  @Test
  void bothVersionsOfHttpAreServed() {
    for (HttpVersion version : List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1)) {
      HttpClient client = client(version);
      HttpClientRequest request = request(client, "/health/live");
      var answer = request.send().await();
      assertThat(answer.version()).isEqualTo(version);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.getHeader("Strict-Transport-Security")).isNotNull();
      client.close().await();
    }
  }

  @Test
  void problemsAreToldOverHttp2Too() {
    HttpClient client = client(HttpVersion.HTTP_2);
    var socketPath = request(client, "/events").send().await();
    assertThat(socketPath.statusCode()).isEqualTo(426);
    var noToken = request(client, "/api/v1/tasks").send().await();
    assertThat(noToken.statusCode()).isEqualTo(401);
    client.close().await();
  }

  @Test
  void aStreamAsksForAConnectionOfItsOwn() {
    HttpClient client = client(HttpVersion.HTTP_2);
    HttpClientRequest request = request(client, "/api/v1/stream?topics=tasks");
    assertThat(
            request
                .send()
                .transform(done -> io.vertx.core.Future.succeededFuture(done.failed()))
                .await())
        .isTrue();
    client.close().await();
  }

  @Test
  void aRenewedPairIsTakenWithoutLosingASocket() throws IOException {
    List<String> heard = new CopyOnWriteArrayList<>();
    ClientWebSocket socket = sockets.webSocket();
    socket.textMessageHandler(heard::add);
    WebSocketConnectOptions events =
        new WebSocketConnectOptions()
            .setHost("127.0.0.1")
            .setPort(gateways.port())
            .setSsl(true)
            .setURI("/events");
    // All that takes time comes before the socket, which is not admitted yet and has only so long.
    Pem renewed = Pem.make(directory, "second", "-1d", 60);
    Files.writeString(pair.key(), "half a key");
    try (LogTape tape = LogTape.ofANode()) {
      Files.move(renewed.key(), pair.key(), StandardCopyOption.REPLACE_EXISTING);
      // Of two pairs: the one before goes on.
      await()
          .atMost(PATIENCE)
          .until(() -> tape.lines().stream().anyMatch(line -> line.contains("is not that of")));
    }
    socket.connect(events).await();
    assertThat(subject()).isEqualTo("CN=first");
    Files.move(renewed.certificate(), pair.certificate(), StandardCopyOption.REPLACE_EXISTING);
    await().atMost(PATIENCE).until(() -> subject().equals("CN=second"));

    HttpClient client = client(HttpVersion.HTTP_2);
    assertThat(request(client, "/health/live").send().await().version())
        .isEqualTo(HttpVersion.HTTP_2);
    client.close().await();
    socket.writeTextMessage(
        "{\"type\":\"connect\",\"id\":\"c\",\"minProtocol\":1,\"maxProtocol\":1,"
            + "\"auth\":{\"token\":\""
            + gateways.token(Gateways.ACME)
            + "\"}}");
    await()
        .atMost(PATIENCE)
        .until(() -> heard.stream().anyMatch(text -> text.contains("\"hello\"")));
  }

  private static String subject() throws IOException {
    HttpClient client = client(HttpVersion.HTTP_1_1);
    HttpClientRequest request = request(client, "/health/live");
    var chain = request.connection().peerCertificates();
    request.send().await();
    client.close().await();
    return ((X509Certificate) chain.getFirst()).getSubjectX500Principal().getName();
  }

  private static HttpClient client(HttpVersion version) {
    return gateways
        .vertx()
        .createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setUseAlpn(true)
                .setProtocolVersion(version)
                .setTrustAll(true)
                .setVerifyHost(false));
  }

  private static HttpClientRequest request(HttpClient client, String path) {
    return client
        .request(
            new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost("127.0.0.1")
                .setPort(gateways.port())
                .setURI(path))
        .await();
  }
}
