package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.CommandNode;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SessionIT {
  private static final int MAX_FRAME = 100_000;
  private final Gateways gateways =
      Gateways.start(
          Map.of(
              "FLOTILLA_DIALECTS_CONTROL_SOFT_FRAME_BYTES", Integer.toString(MAX_FRAME),
              "FLOTILLA_DIALECTS_CONTROL_HARD_FRAME_BYTES", Integer.toString(MAX_FRAME * 4)));
  private final CommandNode commands = gateways.commands();

  /// Each test has its own: some leave commands unanswered, which are asked once more later.
  private TenantId tenant;

  @AfterAll
  void stop() {
    gateways.close();
  }

  @BeforeEach
  void answerEverything() {
    tenant = gateways.tenant();
    commands.answer(tenant, _ -> Future.succeededFuture(new RawJson("{\"done\":true}")));
  }

  @Test
  void aRequestBecomesACommandOfTheSessionsPrincipal() {
    Client client = gateways.connected(tenant);
    client.request("task.create", new JsonObject("{\"prompt\":\"é\",\"n\":1.50}"), "key-1");
    JsonObject answer = client.next();
    assertThat(answer.encode())
        .isEqualTo("{\"type\":\"res\",\"id\":\"r1\",\"ok\":true,\"payload\":{\"done\":true}}");
    CommandRequest asked = commands.asked(tenant).getFirst();
    assertThat(asked.kind()).isEqualTo(CommandKind.TASK_CREATE);
    assertThat(asked.params().text()).isEqualTo("{\"prompt\":\"é\",\"n\":1.5}");
    assertThat(asked.idempotencyKey()).isEqualTo("key-1");
    assertThat(asked.principal().tenant()).isEqualTo(tenant);
    assertThat(asked.principal().user().value()).isEqualTo("alice");
    assertThat(asked.correlationId()).isNotBlank();
  }

  @Test
  void aFaultIsAnsweredWithAllThatAClientCanActOn() {
    commands.answer(
        tenant,
        _ ->
            Future.failedFuture(
                new Fault(Reason.INVALID_FIELD, "Too long.", "prompt", 700L).asException()));
    Client client = gateways.connected(tenant);
    JsonObject answer = client.call("task.create", new JsonObject());
    assertThat(answer.getBoolean("ok")).isFalse();
    JsonObject error = answer.getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("VALIDATION_ERROR");
    assertThat(error.getString("reason")).isEqualTo("INVALID_FIELD");
    assertThat(error.getString("message")).isEqualTo("Too long.");
    assertThat(error.getString("field")).isEqualTo("prompt");
    assertThat(error.getBoolean("retryable")).isFalse();
    assertThat(error.getLong("retryAfterMs")).isEqualTo(700);
    assertThat(error.getString("correlationId"))
        .isEqualTo(commands.asked(tenant).getFirst().correlationId());
    assertThat(error.getLong("ts")).isPositive();
  }

  @Test
  void changesRunInTheOrderInWhichTheyCameWhileReadsOverlap() {
    List<Promise<RawJson>> held = commands.hold(tenant);
    Client client = gateways.connected(tenant);
    String first = client.request("task.create", new JsonObject(), "a");
    String second = client.request("task.cancel", new JsonObject(), "b");
    String third = client.request("task.create", new JsonObject(), "c");
    String read = client.request("task.list", new JsonObject(), null);
    Awaitility.await().until(() -> held.size() == 2);
    assertThat(keys(commands)).containsExactly("a", "null");
    held.get(1).complete(new RawJson("{}"));
    assertThat(client.next().getString("id")).isEqualTo(read);
    held.get(0).complete(new RawJson("{}"));
    assertThat(client.next().getString("id")).isEqualTo(first);
    Awaitility.await().until(() -> held.size() == 3);
    assertThat(keys(commands)).containsExactly("a", "null", "b");
    // One that fails does not stop those behind it.
    held.get(2).fail(Fault.of(Reason.WRONG_STATE, "No.").asException());
    assertThat(client.next().getString("id")).isEqualTo(second);
    Awaitility.await().until(() -> held.size() == 4);
    held.get(3).complete(new RawJson("{}"));
    assertThat(client.next().getString("id")).isEqualTo(third);
  }

  private List<String> keys(CommandNode commands) {
    return commands.asked(tenant).stream()
        .map(CommandRequest::idempotencyKey)
        .map(String::valueOf)
        .toList();
  }

  @Test
  void openRequestsAreBounded() {
    List<Promise<RawJson>> held = commands.hold(tenant);
    Client client = gateways.connected(tenant);
    for (int i = 0; i < 257; i++) {
      client.request("task.list", new JsonObject(), null);
    }
    JsonObject refusal = client.next();
    assertThat(refusal.getString("id")).isEqualTo("r257");
    assertThat(refusal.getJsonObject("error").getString("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
    assertThat(refusal.getJsonObject("error").getBoolean("retryable")).isTrue();
    // What is open would hold up the node's end.
    Awaitility.await().until(() -> held.size() == 256);
    held.forEach(answer -> answer.complete(new RawJson("{}")));
  }

  @Test
  void openRequestsAreWeighedToo() {
    List<Promise<RawJson>> held = commands.hold(tenant);
    Client client = gateways.connected(tenant);
    JsonObject heavy = new JsonObject().put("prompt", "x".repeat(MAX_FRAME * 3 / 5));
    for (int i = 0; i < 3; i++) {
      client.request("task.create", heavy, "k" + i);
    }
    String tooMuch = client.request("task.create", heavy, "k3");
    JsonObject refusal = client.next();
    assertThat(refusal.getString("id")).isEqualTo(tooMuch);
    assertThat(refusal.getJsonObject("error").getString("code")).isEqualTo("RATE_LIMIT_EXCEEDED");
    Awaitility.await().until(() -> held.size() == 1);
    held.getFirst().complete(new RawJson("{}"));
    assertThat(client.next().getBoolean("ok")).isTrue();
    client.request("task.create", heavy, "k4");
    for (int i = 1; i <= 3; i++) {
      int next = i;
      Awaitility.await().until(() -> held.size() > next);
      held.get(i).complete(new RawJson("{}"));
      assertThat(client.next().getBoolean("ok")).isTrue();
    }
  }

  @Test
  void whatAPrincipalMayNotReadIsNotCarriedToACommandNode() {
    Client client = gateways.open();
    client.connect(gateways.narrowToken(tenant, "instances.read"));
    client.request("task.list", new JsonObject(), null);
    assertThat(client.next().getJsonObject("error").getString("reason")).isEqualTo("MISSING_SCOPE");
    assertThat(commands.asked(tenant)).isEmpty();
  }

  @Test
  void anUnansweredCommandIsAskedOnceMoreAndThenUnavailable() {
    try (Gateways strict = Gateways.start(Map.of("FLOTILLA_GATEWAY_COMMAND_TIMEOUT", "2s"))) {
      AtomicInteger tries = new AtomicInteger();
      strict
          .commands()
          .answer(
              tenant,
              _ ->
                  tries.incrementAndGet() == 1
                      ? Promise.<RawJson>promise().future()
                      : Future.succeededFuture(new RawJson("{\"try\":2}")));
      Client client = strict.connected(tenant);
      client.request("task.create", new JsonObject(), "k");
      assertThat(client.next().getJsonObject("payload").getInteger("try")).isEqualTo(2);
      assertThat(keys(strict.commands())).containsExactly("k", "k");
      strict.commands().hold(tenant);
      JsonObject error = client.call("task.list", new JsonObject()).getJsonObject("error");
      assertThat(error.getString("code")).isEqualTo("INTERNAL_ERROR");
      assertThat(error.getString("reason")).isEqualTo("UNAVAILABLE");
      assertThat(error.getBoolean("retryable")).isTrue();
      assertThat(error.getLong("retryAfterMs")).isPositive();
    }
  }

  @Test
  void pingIsAnsweredByTheSessionItself() {
    Client client = gateways.connected(tenant);
    assertThat(client.call("ping", new JsonObject()).getJsonObject("payload").getLong("ts"))
        .isPositive();
    JsonObject refusal = client.call("ping", new JsonObject().put("x", 1)).getJsonObject("error");
    assertThat(refusal.getString("field")).isEqualTo("x");
    assertThat(commands.asked(tenant)).isEmpty();
  }

  @Test
  void anUnknownMethodIsRefused() {
    Client client = gateways.connected(tenant);
    JsonObject error = client.call("task.destroy", new JsonObject()).getJsonObject("error");
    assertThat(error.getString("reason")).isEqualTo("UNKNOWN_METHOD");
  }

  @Test
  void aMalformedFrameIsAnErrorAndTheSocketStaysOpen() {
    Client client = gateways.connected(tenant);
    Map<String, String> reasons =
        Map.of(
            "{", "NOT_JSON",
            "[1]", "NOT_JSON",
            "{\"type\":\"req\",\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}", "NOT_JSON",
            "{\"type\":\"event\"}", "UNKNOWN_TYPE",
            "{\"type\":7}", "INVALID_FRAME",
            "{\"type\":\"req\",\"method\":\"ping\"}", "INVALID_FRAME",
            "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\",\"extra\":1}", "INVALID_FRAME");
    reasons.forEach(
        (frame, reason) -> {
          client.sendText(frame);
          JsonObject answer = client.next();
          assertThat(answer.getString("type")).isEqualTo("error");
          assertThat(answer.getJsonObject("error").getString("reason")).as(frame).isEqualTo(reason);
        });
    assertThat(client.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
  }

  @Test
  void halfOfASurrogatePairHarmsNobody() {
    Client client = gateways.connected(tenant);
    client.sendText(
        "{\"type\":\"req\",\"id\":\"1\",\"method\":\"task.create\",\"params\":{\"p\":\"\\ud800\"},"
            + "\"idempotencyKey\":\"k\"}");
    assertThat(client.next().getJsonObject("error").getString("reason")).isEqualTo("NOT_JSON");
    assertThat(client.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
  }

  @Test
  void tooManyMalformedFramesCloseTheSocket() {
    Client client = gateways.connected(tenant);
    for (int i = 0; i < 31; i++) {
      client.sendText("?");
    }
    assertThat(client.closeCode()).isEqualTo(1008);
  }

  @Test
  void aSecondConnectIsRefused() {
    Client client = gateways.connected(tenant);
    client.send(Client.connectFrame(gateways.token(tenant)));
    assertThat(client.next().getJsonObject("error").getString("reason")).isEqualTo("WRONG_STATE");
    assertThat(client.isOpen()).isTrue();
  }

  @Test
  void aBinaryFrameClosesTheSocket() {
    Client client = gateways.connected(tenant);
    client.socket().writeBinaryMessage(Buffer.buffer("{}"));
    assertThat(client.closeCode()).isEqualTo(1003);
    assertThat(client.closeText()).isEqualTo("wrong frame type");
  }

  @Test
  void aTextThatIsNotUtf8ClosesTheSocket() {
    try (RawSocket raw = connectedRaw()) {
      raw.write(RawSocket.frame(RawSocket.TEXT, true, new byte[] {'{', (byte) 0xc3, '}'}));
      assertThat(raw.closeCode()).isEqualTo(1007);
    }
  }

  @Test
  void aMessageInPiecesIsOneEvenWhenACharacterIsCut() {
    byte[] whole =
        "{\"type\":\"req\",\"id\":\"1\",\"method\":\"task.create\",\"params\":{\"p\":\"é\"}}"
            .getBytes(StandardCharsets.UTF_8);
    int cut = new String(whole, StandardCharsets.UTF_8).indexOf('é') + 1;
    try (RawSocket raw = connectedRaw()) {
      raw.write(
          RawSocket.frame(RawSocket.TEXT, false, Arrays.copyOf(whole, cut)),
          RawSocket.frame(RawSocket.PING, true, new byte[] {1}),
          RawSocket.frame(
              RawSocket.CONTINUATION, true, Arrays.copyOfRange(whole, cut, whole.length)));
      RawSocket.Frame answer = raw.read();
      while (answer.opcode() != RawSocket.TEXT) {
        answer = raw.read();
      }
      assertThat(answer.text()).contains("\"ok\":true");
      assertThat(commands.asked(tenant).getFirst().params().text()).isEqualTo("{\"p\":\"é\"}");
    }
  }

  @Test
  void anOversizeFrameIsDroppedWithOneErrorAndAHugeOneClosesTheSocket() {
    Client client = gateways.connected(tenant);
    client.sendText(padded(MAX_FRAME));
    assertThat(client.next().getBoolean("ok")).isTrue();
    client.sendText(padded(MAX_FRAME + 1));
    assertThat(client.next().getJsonObject("error").getString("reason"))
        .isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(client.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
    client.sendText(padded(MAX_FRAME * 4 + 1));
    assertThat(client.closeCode()).isEqualTo(1009);
    assertThat(client.closeText()).isEqualTo("too big");
  }

  @Test
  void aHugeMessageInPiecesClosesTheSocketToo() {
    try (RawSocket raw = connectedRaw()) {
      raw.write(RawSocket.frame(RawSocket.TEXT, false, new byte[MAX_FRAME]));
      for (int i = 0; i < 4; i++) {
        raw.write(RawSocket.frame(RawSocket.CONTINUATION, false, new byte[MAX_FRAME]));
      }
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void beforeConnectTheLimitIsLower() {
    Client client = gateways.open();
    client.next();
    client.sendText(padded(65_537));
    assertThat(client.closeCode()).isEqualTo(1009);
    assertThat(client.closeText()).isEqualTo("too big");
  }

  @Test
  void beforeConnectAHeaderThatClaimsTooMuchIsEnough() {
    byte[] claim = new byte[65_537];
    byte[] header = Arrays.copyOf(RawSocket.frame(RawSocket.TEXT, true, claim), 14);
    try (RawSocket raw = RawSocket.opened(gateways.port())) {
      raw.write(header);
      assertThat(raw.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void framesInAnyPiecesPassWhereTheyAreSmallEnough() {
    byte[] connect = RawSocket.text(Client.connectFrame(gateways.token(tenant)).encode());
    byte[] large = RawSocket.text(padded(MAX_FRAME));
    for (int cut : new int[] {1, 2, 3, 5, 9, 200}) {
      try (RawSocket raw = RawSocket.opened(gateways.port())) {
        raw.write(Arrays.copyOf(connect, cut));
        assertThat(raw.read().text()).contains("connect.challenge");
        byte[] small = RawSocket.text("{\"type\":\"req\",\"id\":\"p\",\"method\":\"ping\"}");
        raw.write(
            Arrays.copyOfRange(connect, cut, connect.length),
            Arrays.copyOf(small, Math.min(cut, 20)));
        assertThat(raw.read().text()).contains("hello");
        raw.write(Arrays.copyOfRange(small, Math.min(cut, 20), small.length), large);
        assertThat(raw.read().text()).contains("\"id\":\"p\",\"ok\":true");
        assertThat(raw.read().text()).contains("\"ok\":true");
      }
    }
  }

  @Test
  void aNumberThatNoDecimalHoldsIsAMalformedFrame() {
    Client client = gateways.connected(tenant);
    client.sendText(
        "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\",\"params\":{\"n\":1e99999999999}}");
    assertThat(client.next().getJsonObject("error").getString("reason")).isEqualTo("NOT_JSON");
    assertThat(client.call("ping", new JsonObject()).getBoolean("ok")).isTrue();
  }

  @Test
  void reservedBitsAreAProtocolError() {
    try (RawSocket raw = connectedRaw()) {
      byte[] frame = RawSocket.text("{}");
      frame[0] |= 0x40;
      raw.write(frame);
      assertThat(raw.closeCode()).isEqualTo(1002);
    }
  }

  @Test
  void aSilentSocketIsClosedAndOneThatAnswersPingsIsNot() {
    try (Gateways strict =
        Gateways.start(
            Map.of(
                "FLOTILLA_GATEWAY_PING_INTERVAL", "500ms",
                "FLOTILLA_GATEWAY_PONG_TIMEOUT", "5s"))) {
      Client answersPings = strict.connected(tenant);
      try (RawSocket silent = connectedRaw(strict)) {
        assertThat(silent.closeCode()).isEqualTo(4408);
      }
      assertThat(answersPings.isOpen()).isTrue();
    }
  }

  @Test
  void sessionsAndRequestsAreCounted() {
    Client client = gateways.connected(tenant);
    client.call("task.list", new JsonObject());
    client.sendText("?");
    client.next();
    for (String meter :
        List.of(
            "flotilla_request_time_seconds_count{code=\"OK\",method=\"task.list\",via=\"control\"}",
            "flotilla_protocol_errors_total{reason=\"NOT_JSON\"}",
            "messages_received_total{dialect=\"control\"}",
            "messages_sent_total{dialect=\"control\"}",
            "connections_total{dialect=\"control\"}")) {
      Awaitility.await().until(() -> gateways.meters().scrape().contains(meter));
    }
    assertThat(openSessions()).isPositive();
    List<Client> more = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      more.add(gateways.connected(tenant));
    }
    double open = openSessions();
    more.forEach(Client::close);
    Awaitility.await()
        .untilAsserted(() -> assertThat(openSessions()).isLessThanOrEqualTo(open - 5));
  }

  private double openSessions() {
    return gateways.meters().get("flotilla.sessions").tag("dialect", "control").gauge().value();
  }

  private RawSocket connectedRaw() {
    return connectedRaw(gateways);
  }

  private RawSocket connectedRaw(Gateways to) {
    RawSocket raw = RawSocket.opened(to.port());
    raw.write(RawSocket.text(Client.connectFrame(to.token(tenant)).encode()));
    assertThat(said(raw)).contains("connect.challenge");
    assertThat(said(raw)).contains("hello");
    return raw;
  }

  /// The next text, whatever pings come before it.
  private static String said(RawSocket raw) {
    RawSocket.Frame frame = raw.read();
    while (frame.opcode() == RawSocket.PING) {
      frame = raw.read();
    }
    return frame.text();
  }

  /// A ping of so many bytes.
  private static String padded(int bytes) {
    String frame = "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}";
    return frame + " ".repeat(bytes - frame.length());
  }
}
