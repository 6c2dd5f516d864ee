package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static dev.flotilla.gateway.fixture.Gateways.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.contract.ItemFact;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog.Draft;
import dev.flotilla.wire.Json;
import dev.flotilla.work.v1.WorkProto.Ping;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage.PayloadCase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// The work dialect on a live socket, and beside the control dialect.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkSocketIT {
  private static final long PATIENCE_SECONDS = 20;

  private final Gateways gateways = Gateways.start();
  private final WebSocketClient client = gateways.vertx().createWebSocketClient();
  private final ItemFact.Created created = created();

  @AfterAll
  void stop() {
    gateways.close();
  }

  @Test
  void withoutATokenTheUpgradeIsRefused() {
    WebSocketConnectOptions stranger =
        new WebSocketConnectOptions().setHost("127.0.0.1").setPort(gateways.port()).setURI("/ws");
    assertThatThrownBy(() -> client.connect(stranger).await()).hasMessageContaining("401");
  }

  @Test
  void whoIsSubscribedToAProjectGetsItsItemsAndNobodyElseDoes() throws Exception {
    BlockingQueue<WebSocketMessage> mine = new LinkedBlockingQueue<>();
    BlockingQueue<WebSocketMessage> foreign = new LinkedBlockingQueue<>();
    ClientWebSocket socket = open(ACME, mine);
    ClientWebSocket stranger = open(GLOBEX, foreign);
    subscribe(socket);
    subscribe(stranger);
    assertThat(next(mine).getPayloadCase()).isEqualTo(PayloadCase.SUBSCRIPTION_CONFIRMED);
    assertThat(next(foreign).getPayloadCase()).isEqualTo(PayloadCase.SUBSCRIPTION_CONFIRMED);
    gateways.log().record(ACME, List.of(new Draft(created, "alice", null))).await();
    WebSocketMessage event = next(mine);
    assertThat(event.getPayloadCase()).isEqualTo(PayloadCase.WORK_ITEM_CREATED);
    assertThat(event.getWorkItemCreated().getWorkItem().getTitle())
        .isEqualTo(created.workItem().title());
    send(stranger, WebSocketMessage.newBuilder().setPing(Ping.newBuilder().setTimestamp(7)));
    assertThat(next(foreign).getPong().getClientTimestamp()).isEqualTo(7);
  }

  @Test
  void theSameEventIsTheSameFactInEveryDialectThatCarriesIt() throws Exception {
    TenantId tenant = new TenantId("both");
    BlockingQueue<WebSocketMessage> work = new LinkedBlockingQueue<>();
    ClientWebSocket socket = open(tenant, work);
    subscribe(socket);
    next(work);
    Client control = gateways.connected(tenant);
    control.subscribe("project:" + created.workItem().projectId());
    gateways.log().record(tenant, List.of(new Draft(created, "alice", null))).await();
    JsonObject shown = control.awaitEvent("work_item.created");
    WebSocketMessage sent = next(work);
    JsonObject item = shown.getJsonObject("payload").getJsonObject("workItem");
    assertThat(sent.getWorkItemCreated().getWorkItem().getId()).isEqualTo(item.getString("id"));
    assertThat(sent.getWorkItemCreated().getWorkItem().getTitle())
        .isEqualTo(item.getString("title"));
    assertThat(sent.getPosition().getSeq()).isEqualTo(shown.getLong("seq"));
    assertThat(sent.getPosition().getEpoch()).isEqualTo(shown.getString("epoch"));
  }

  private ClientWebSocket open(TenantId tenant, BlockingQueue<WebSocketMessage> messages) {
    ClientWebSocket socket = client.webSocket();
    socket.binaryMessageHandler(bytes -> messages.add(parse(bytes)));
    socket
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(gateways.port())
                .setURI("/ws")
                .addHeader("Authorization", "Bearer " + gateways.token(tenant)))
        .await();
    return socket;
  }

  private void subscribe(ClientWebSocket socket) {
    send(
        socket,
        WebSocketMessage.newBuilder()
            .setMessageId("s-1")
            .setSubscribe(
                Subscribe.newBuilder().addProjectIds(created.workItem().projectId().value())));
  }

  private static void send(ClientWebSocket socket, WebSocketMessage.Builder message) {
    socket.writeBinaryMessage(Buffer.buffer(message.build().toByteArray()));
  }

  private static WebSocketMessage next(BlockingQueue<WebSocketMessage> messages) throws Exception {
    return Objects.requireNonNull(messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS), "no message");
  }

  private static WebSocketMessage parse(Buffer bytes) {
    try {
      return WebSocketMessage.parseFrom(bytes.getBytes());
    } catch (IOException bad) {
      throw new UncheckedIOException(bad);
    }
  }

  private static ItemFact.Created created() {
    try (InputStream example =
        Objects.requireNonNull(
            WorkSocketIT.class.getResourceAsStream(
                "/contract/example/event/work_item.created.json"))) {
      return Json.read(example.readAllBytes(), ItemFact.Created.class);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
