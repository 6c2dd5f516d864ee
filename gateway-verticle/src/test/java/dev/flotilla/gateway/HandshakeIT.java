package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Jwt;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.identity.TenantId;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeIT {
  private final Gateways gateways = Gateways.start(Map.of("FLOTILLA_IDENTITY_ISSUER", "flotilla"));

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

  @Test
  void connectWithTheJwtIsAnsweredByHello() {
    Client client = gateways.open();
    JsonObject challenge = client.next();
    assertThat(challenge.getString("type")).isEqualTo("event");
    assertThat(challenge.getString("event")).isEqualTo("connect.challenge");
    assertThat(challenge.getJsonObject("payload").getString("nonce")).isNotBlank();
    client.send(Client.connectFrame(gateways.token(acme)));
    JsonObject hello = client.next();
    assertThat(hello.getString("type")).isEqualTo("hello");
    assertThat(hello.getString("id")).isEqualTo("c");
    assertThat(hello.getInteger("protocol")).isEqualTo(1);
    assertThat(hello.getString("node")).isEqualTo("node-1");
    assertThat(hello.getString("version")).matches("\\d+\\.\\d+.*");
    assertThat(hello.getJsonObject("principal").getString("tenant")).isEqualTo(acme.value());
    assertThat(hello.getJsonObject("principal").getString("user")).isEqualTo("alice");
    assertThat(hello.getJsonObject("principal").getJsonArray("roles")).containsExactly("operator");
    assertThat(hello.getJsonObject("position").getLong("seq")).isNotNegative();
    assertThat(hello.getJsonObject("position").getString("epoch")).isNotBlank();
    assertThat(hello.getJsonArray("methods"))
        .contains("subscribe", "resume", "ping", "task.create")
        .doesNotContain("instance.register");
    assertThat(hello.getJsonArray("topics")).contains("tasks", "instance:{id}");
    assertThat(hello.getJsonObject("policy").getInteger("maxPayload")).isEqualTo(1_048_576);
  }

  @Test
  void theTokenMayComeInTheUpgradeRequestInstead() {
    Client client =
        gateways.open(
            new WebSocketConnectOptions()
                .addHeader("Authorization", "Bearer " + gateways.token(acme)));
    client.next();
    client.send(Client.connectFrame(null));
    assertThat(client.next().getString("type")).isEqualTo("hello");
  }

  @Test
  void everyPathAndTheOfferedSubprotocolAreServed() {
    for (String path : List.of("/events", "/api/events", "/api/v1/events")) {
      Client client =
          gateways.open(
              new WebSocketConnectOptions().setURI(path).addSubProtocol("fleet.control.v1"));
      client.connect(gateways.token(acme));
      assertThat(client.socket().subProtocol()).isEqualTo("fleet.control.v1");
    }
  }

  @Test
  void aConnectWithoutATokenIsRefused() {
    assertRefused(Client.connectFrame(null), "TOKEN_MISSING");
  }

  @Test
  void aForgedTokenIsRefused() {
    String token = gateways.token(acme);
    String forged = token.substring(0, token.lastIndexOf('.') + 1) + "c2lnbmF0dXJl";
    assertRefused(Client.connectFrame(forged), "TOKEN_INVALID");
    assertRefused(Client.connectFrame("not.a.token"), "TOKEN_INVALID");
    assertRefused(
        Client.connectFrame(Jwt.signed("HS256", "another secret of 32 characters!", claims())),
        "TOKEN_INVALID");
  }

  @Test
  void aTokenWithoutASignatureIsRefused() {
    assertRefused(Client.connectFrame(Jwt.signed("none", null, claims())), "TOKEN_INVALID");
  }

  @Test
  void anExpiredTokenIsRefused() {
    JsonObject expired = claims().put("exp", Instant.now().getEpochSecond() - 5);
    assertRefused(Client.connectFrame(signed(expired)), "TOKEN_EXPIRED");
  }

  @Test
  void aTokenThatIsNotYetValidIsRefused() {
    JsonObject early = claims().put("nbf", Instant.now().getEpochSecond() + 600);
    assertRefused(Client.connectFrame(signed(early)), "TOKEN_NOT_YET_VALID");
  }

  @Test
  void aTokenOfAnotherIssuerOrWithoutATenantIsRefused() {
    assertRefused(Client.connectFrame(signed(claims().put("iss", "elsewhere"))), "TOKEN_INVALID");
    JsonObject nobody = claims();
    nobody.remove("tenant_id");
    assertRefused(Client.connectFrame(signed(nobody)), "TOKEN_INVALID");
  }

  @Test
  void aValidTokenMadeByHandIsAccepted() {
    Client client = gateways.open();
    client.connect(signed(claims()));
  }

  @Test
  void aVersionThatTheServerDoesNotSpeakIsRefused() {
    Client client = gateways.open();
    client.next();
    client.send(
        Client.connectFrame(gateways.token(acme)).put("minProtocol", 2).put("maxProtocol", 9));
    JsonObject refusal = client.next();
    assertThat(refusal.getString("type")).isEqualTo("res");
    assertThat(refusal.getJsonObject("error").getString("reason")).isEqualTo("UNSUPPORTED_VERSION");
    assertThat(client.closeCode()).isEqualTo(4400);
  }

  @Test
  void aConnectThatIsNotOneIsABadConnect() {
    Client client = gateways.open();
    client.next();
    client.send(new JsonObject().put("type", "connect").put("id", "1"));
    JsonObject error = client.next();
    assertThat(error.getString("type")).isEqualTo("error");
    assertThat(error.getJsonObject("error").getString("field")).isEqualTo("minProtocol");
    assertThat(client.closeCode()).isEqualTo(4400);
  }

  @Test
  void anythingBeforeConnectClosesTheSocket() {
    for (String first :
        List.of(
            "{\"type\":\"req\",\"id\":\"1\",\"method\":\"ping\"}",
            "{\"type\":\"hello\"}",
            "hello?",
            "[]")) {
      Client client = gateways.open();
      client.next();
      client.sendText(first);
      assertThat(client.next().getJsonObject("error").getString("reason"))
          .isEqualTo("CONNECT_EXPECTED");
      assertThat(client.closeCode()).isEqualTo(1008);
    }
    assertThat(gateways.commands().asked()).isEmpty();
  }

  @Test
  void aSocketThatDoesNotConnectInTimeIsClosed() {
    try (Gateways strict = Gateways.start(Map.of("FLOTILLA_GATEWAY_CONNECT_TIMEOUT", "500ms"))) {
      Client client = strict.open();
      client.next();
      assertThat(client.next().getJsonObject("error").getString("reason"))
          .isEqualTo("CONNECT_EXPECTED");
      assertThat(client.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void aFrameThatComesRightAfterTheUpgradeIsNotLost() {
    for (int i = 0; i < 50; i++) {
      try (RawSocket raw = new RawSocket(gateways.port())) {
        raw.write(RawSocket.upgrade("/events"));
        assertThat(raw.readHead()).startsWith("HTTP/1.1 101");
        raw.write(RawSocket.text(Client.connectFrame(gateways.token(acme)).encode()));
        assertThat(raw.read().text()).contains("connect.challenge");
        assertThat(raw.read().text()).contains("\"type\":\"hello\"");
      }
    }
  }

  @Test
  void requestsThatFollowConnectAtOnceWaitForHello() {
    try (RawSocket raw = RawSocket.opened(gateways.port())) {
      raw.write(
          RawSocket.text(Client.connectFrame(gateways.token(acme)).encode()),
          RawSocket.text("{\"type\":\"req\",\"id\":\"p\",\"method\":\"ping\"}"));
      assertThat(raw.read().text()).contains("connect.challenge");
      assertThat(raw.read().text()).contains("hello");
      assertThat(raw.read().text()).contains("\"id\":\"p\",\"ok\":true");
    }
  }

  @Test
  void aSessionEndsWithItsToken() {
    Client client = gateways.briefly(acme, this::connected);
    JsonObject error = client.await(frame -> "error".equals(frame.getString("type")));
    assertThat(error.getJsonObject("error").getString("reason")).isEqualTo("TOKEN_EXPIRED");
    assertThat(client.closeCode()).isEqualTo(4401);
  }

  @Test
  void aSessionGoesOnWithANewTokenAndLosesWhatThatDoesNotAllow() {
    Client client = gateways.briefly(acme, this::renewed);
    JsonObject now =
        client.call("unsubscribe", new JsonObject().put("topics", new JsonArray().add("health")));
    assertThat(now.getJsonObject("payload").getJsonArray("topics")).containsExactly("instance:*");
    assertThat(
            client.call("task.list", new JsonObject()).getJsonObject("error").getString("reason"))
        .isEqualTo("MISSING_SCOPE");
    await()
        .during(Duration.ofSeconds(4))
        .until(() -> client.call("ping", new JsonObject()).getBoolean("ok"));
  }

  private Client connected(String token) {
    Client client = gateways.open();
    client.connect(token);
    return client;
  }

  private Client renewed(String token) {
    Client client = connected(token);
    client.subscribe("tasks", "instance:*");
    String renewed = narrowed("instances.read");
    JsonObject answer = client.call("auth.refresh", new JsonObject().put("token", renewed));
    assertThat(answer.getJsonObject("payload").getJsonArray("dropped")).containsExactly("tasks");
    return client;
  }

  @Test
  void aRefreshWithABadTokenOrAnotherUsersChangesNothing() {
    Client client = gateways.connected(acme);
    client.subscribe("tasks");
    assertThat(refresh(client, "nonsense")).isEqualTo("TOKEN_INVALID");
    assertThat(refresh(client, gateways.token(gateways.tenant("globex"))))
        .isEqualTo("OTHER_PRINCIPAL");
    gateways.record(acme, "refresh", 1);
    assertThat(client.seqs(1)).hasSize(1);
  }

  private static String refresh(Client client, String token) {
    return client
        .call("auth.refresh", new JsonObject().put("token", token))
        .getJsonObject("error")
        .getString("reason");
  }

  @Test
  void theOutcomesAreCounted() {
    assertRefused(Client.connectFrame(null), "TOKEN_MISSING");
    gateways.connected(acme);
    await()
        .untilAsserted(
            () ->
                assertThat(gateways.meters().scrape())
                    .contains("auth_success_total{via=\"ws\"}")
                    .contains("auth_denied_total{reason=\"TOKEN_MISSING\",via=\"ws\"}")
                    .contains("disconnections_total{code=\"4401\",reason=\"unauthenticated\"}"));
  }

  private void assertRefused(JsonObject connect, String reason) {
    Client client = gateways.open();
    client.next();
    client.send(connect);
    JsonObject refusal = client.next();
    assertThat(refusal.getString("type")).isEqualTo("res");
    assertThat(refusal.getBoolean("ok")).isFalse();
    JsonObject error = refusal.getJsonObject("error");
    assertThat(error.getString("code")).isEqualTo("AUTHENTICATION_FAILED");
    assertThat(error.getString("reason")).isEqualTo(reason);
    assertThat(error.getString("correlationId")).isNotBlank();
    assertThat(client.closeCode()).isEqualTo(4401);
  }

  private JsonObject claims() {
    return new JsonObject()
        .put("iss", "flotilla")
        .put("tenant_id", acme.value())
        .put("user_id", "bob")
        .put("roles", new JsonArray().add("viewer"))
        .put("exp", Instant.now().getEpochSecond() + 600);
  }

  private String signed(JsonObject claims) {
    return Jwt.signed(gateways.config().identity(), claims);
  }

  private String narrowed(String scope) {
    return signed(
        claims()
            .put("user_id", "alice")
            .put("roles", new JsonArray().add("operator"))
            .put("scopes", new JsonArray().add(scope)));
  }
}
