package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.gateway.fixture.Chat;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.SessionLines;
import dev.flotilla.gateway.fixture.WorkClient;
import dev.flotilla.identity.TenantId;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is the same for every dialect of the product.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DialectsIT {
  private final Gateways gateways = Gateways.start();

  /// Each test has its own.
  private TenantId acme;

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  private WebSocketConnectOptions at(String path) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(gateways.port())
        .setURI(path)
        .addHeader("Authorization", "Bearer " + gateways.token(acme));
  }

  @ParameterizedTest
  @CsvSource({
    "/events, control",
    "/api/events, control",
    "/api/v1/events, control",
    "/api/dashboard/ws/dashboard, dashboard",
    "/api/v1/dashboard/ws/dashboard, dashboard",
    "/api/chat/ws, chat",
    "/api/v1/chat/ws, chat",
    "/api/ws, chat",
    "/ws, work",
    "/api/work/ws, work",
    "/api/v1/work/ws, work"
  })
  void everyDialectIsServedAtItsPathsUnderItsName(String path, String dialect) {
    String name = "fleet." + dialect + ".v1";
    double before = sockets(dialect);
    WebSocket socket =
        gateways
            .vertx()
            .createWebSocketClient()
            .connect(at(path).addSubProtocol("nobody.knows").addSubProtocol(name))
            .await();
    assertThat(socket.subProtocol()).isEqualTo(name);
    // The server counts it when it has it, the client has it when it is told.
    Awaitility.await().until(() -> sockets(dialect) == before + 1);
  }

  private double sockets(String dialect) {
    return gateways.meters().get("connections").tag("dialect", dialect).counter().count();
  }

  @Test
  void theSubprotocolThatIsSelectedIsTheOneThatIsSpoken() {
    Client dashboard = gateways.open(at("/events").addSubProtocol("fleet.dashboard.v1"));
    assertThat(dashboard.next().getString("type")).isEqualTo("connection_established");
    Client control =
        gateways.open(
            at("/api/chat/ws").addSubProtocol("fleet.control.v1").addSubProtocol("fleet.chat.v1"));
    assertThat(control.socket().subProtocol()).isEqualTo("fleet.control.v1");
    assertThat(control.next().getString("event")).isEqualTo("connect.challenge");
    WebSocketConnectOptions stranger =
        at("/events").addSubProtocol("fleet.work.v1").putHeader("Authorization", "Bearer x");
    UpgradeRejectedException refusal =
        catchThrowableOfType(
            UpgradeRejectedException.class,
            () -> gateways.vertx().createWebSocketClient().connect(stranger).await());
    assertThat(refusal.getStatus()).isEqualTo(401);
  }

  @Test
  void aRefusalIsLoggedWithWhatItIsAboutInEveryDialect() {
    String narrow = gateways.narrowToken(acme, "instances.read");
    try (SessionLines log = new SessionLines()) {
      Client control = gateways.open();
      control.connect(narrow);
      control.call("subscribe", new JsonObject().put("topics", new JsonArray().add("tasks")));
      expectDenied(log, "control", "subscribe", "tasks");
      Chat chat = Chat.open(gateways, gateways.port(), narrow);
      chat.ask("subscribe_thread", new JsonObject().put("thread_id", "t-1"));
      expectDenied(log, "chat", "subscribe_thread", "thread:t-1");
      WorkClient work = WorkClient.open(gateways, narrow);
      work.send(
          WebSocketMessage.newBuilder()
              .setSubscribe(Subscribe.newBuilder().addSprintIds("s-1").addWorkItemIds("i-1")));
      work.expectError("MISSING_SCOPE");
      expectDenied(log, "work", "subscribe", "sprint:s-1,item:i-1");
    }
  }

  private void expectDenied(SessionLines log, String dialect, String type, String subscription) {
    Map<String, String> line =
        log.await(
            each ->
                dialect.equals(each.get("dialect"))
                    && "refused: MISSING_SCOPE".equals(each.get("message")));
    assertThat(line)
        .containsEntry("type", type)
        .containsEntry("subscription", subscription)
        .containsEntry("tenant", acme.value())
        .containsKey("correlation_id");
  }
}
