package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.PlainDialect;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.gateway.fixture.Refusal;
import dev.flotilla.gateway.session.Voice.Admission;
import dev.flotilla.gateway.wire.Encoding;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TicketIT {
  private static final PlainDialect AFTER =
      new PlainDialect("after", Admission.AFTER_UPGRADE, false, Encoding.CHAT);
  private static final PlainDialect BEFORE =
      new PlainDialect("before", Admission.BEFORE_UPGRADE, false, Encoding.WORK);

  private static Gateways start(Map<String, String> settings) {
    return Gateways.start(settings, List.of(AFTER, BEFORE));
  }

  @Test
  void theHolderOfATokenGetsATicket() {
    try (Gateways gateways = start(Map.of())) {
      for (String prefix : List.of("/api/v1", "/api")) {
        HttpResponse<String> answer = issue(gateways, prefix, gateways.token(ACME));
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        JsonObject issued = new JsonObject(answer.body());
        assertThat(issued.getString("ticket")).matches("[A-Za-z0-9_-]{43}");
        assertThat(Instant.ofEpochMilli(issued.getLong("expiresAt")))
            .isBetween(Instant.now().plusSeconds(20), Instant.now().plusSeconds(30));
      }
      assertThat(issue(gateways, "/api", "nonsense").statusCode()).isEqualTo(401);
      assertThat(Http.post(gateways.port(), "/api/auth/ticket", Map.of(), "").statusCode())
          .isEqualTo(401);
      assertThat(Http.get(gateways.port(), "/api/auth/ticket", Map.of()).statusCode())
          .isEqualTo(405);
    }
  }

  @Test
  void aTicketOpensOneOfTwoSocketsThatRaceForItOnTwoNodes() {
    try (Gateways gateways = start(Map.of())) {
      int other = gateways.another("node-2").port();
      String token = gateways.token(ACME);
      for (int i = 0; i < 30; i++) {
        byte[] upgrade = RawSocket.upgrade("/before?ticket=" + Http.ticket(other, token));
        try (RawSocket one = new RawSocket(gateways.port());
            RawSocket two = new RawSocket(other)) {
          one.write(upgrade);
          two.write(upgrade);
          List<String> heads = List.of(one.readHead(), two.readHead());
          assertThat(heads).filteredOn(head -> head.startsWith("HTTP/1.1 101")).hasSize(1);
          assertThat(heads).filteredOn(head -> head.startsWith("HTTP/1.1 401")).hasSize(1);
        }
      }
      assertThat(gateways.meters().scrape() + gateways.last().meters().scrape())
          .contains("reason=\"TICKET_INVALID\",via=\"ws\"");
    }
  }

  @Test
  void aTicketIsGoodForSecondsOnly() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_TICKET_LIFETIME", "1s"))) {
      String ticket = Http.ticket(gateways.port(), gateways.token(ACME));
      Awaitility.await().until(() -> keys(gateways).isEmpty());
      Refusal late = Refusal.of(gateways.port(), at("/after?ticket=" + ticket));
      assertThat(late.said()).contains("TICKET_INVALID");
      assertThat(late.code()).isEqualTo(4401);
    }
  }

  @Test
  void aTicketDoesNotOutliveItsToken() {
    try (Gateways gateways = start(Map.of())) {
      Client client = gateways.briefly(ACME, token -> byTicket(gateways, token));
      assertThat(client.closeCode()).isEqualTo(4401);
    }
  }

  private static Client byTicket(Gateways gateways, String token) {
    JsonObject issued = new JsonObject(issue(gateways, "/api", token).body());
    assertThat(Instant.ofEpochMilli(issued.getLong("expiresAt")))
        .isBeforeOrEqualTo(Instant.now().plusSeconds(3));
    Client client = gateways.open(at("/after?ticket=" + issued.getString("ticket")));
    assertThat(client.next().getString("admitted")).isEqualTo("acme/alice");
    return client;
  }

  @Test
  void whoReadsRedisFindsNeitherTheTicketNorTheToken() {
    try (Gateways gateways = start(Map.of())) {
      String token = gateways.token(ACME);
      String ticket = Http.ticket(gateways.port(), token);
      String key = keys(gateways).getFirst();
      assertThat(key).doesNotContain(ticket);
      Response stored = gateways.redis(Request.cmd(Command.GET).arg(key));
      assertThat(new String(stored.toBytes(), StandardCharsets.ISO_8859_1))
          .doesNotContain(ticket)
          .doesNotContain(token.substring(0, 20))
          .doesNotContain(token.substring(token.lastIndexOf('.')));
      // And who writes to it makes no ticket.
      gateways.redis(Request.cmd(Command.SET).arg(key).arg(token));
      Refusal tampered = Refusal.of(gateways.port(), at("/after?ticket=" + ticket));
      assertThat(tampered.said()).contains("TICKET_INVALID");
    }
  }

  @Test
  void withoutRedisThereAreNoTicketsButEverythingElse() {
    try (Gateways gateways = start(Map.of("FLOTILLA_REDIS_URL", "redis://127.0.0.1:1"))) {
      HttpResponse<String> refused = issue(gateways, "/api", gateways.token(ACME));
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("Retry-After")).isPresent();
      Refusal after = Refusal.of(gateways.port(), at("/after?ticket=" + "x".repeat(43)));
      assertThat(after.said()).contains("UNAVAILABLE");
      assertThat(after.code()).isEqualTo(1013);
      try (RawSocket before = new RawSocket(gateways.port())) {
        before.write(RawSocket.upgrade("/before?ticket=" + "x".repeat(43)));
        assertThat(before.readHead()).startsWith("HTTP/1.1 503").contains("retry-after");
      }
      gateways.connected(ACME);
    }
  }

  private static HttpResponse<String> issue(Gateways gateways, String prefix, String token) {
    Map<String, String> bearer = Map.of("Authorization", "Bearer " + token);
    return Http.post(gateways.port(), prefix + "/auth/ticket", bearer, "");
  }

  private static List<String> keys(Gateways gateways) {
    List<String> keys = new ArrayList<>();
    gateways
        .redis(Request.cmd(Command.KEYS).arg("flotilla:ticket:*"))
        .forEach(key -> keys.add(key.toString()));
    return keys;
  }

  private static WebSocketConnectOptions at(String uri) {
    return new WebSocketConnectOptions().setURI(uri);
  }
}
