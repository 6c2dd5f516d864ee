package dev.flotilla.gateway;

import static dev.flotilla.gateway.fixture.Gateways.ACME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.PlainDialect;
import dev.flotilla.gateway.fixture.PostgresProxy;
import dev.flotilla.gateway.fixture.RawSocket;
import dev.flotilla.gateway.fixture.Refusal;
import dev.flotilla.gateway.session.Voice.Admission;
import dev.flotilla.gateway.wire.Encoding;
import io.vertx.core.Future;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/// When a socket gets its principal, from where it may come, and how many may wait.
class AdmissionIT {
  private static final String EVIL = "https://evil.example";

  private static Gateways start(Map<String, String> settings) {
    return Gateways.start(
        settings,
        List.of(
            new PlainDialect("after", Admission.AFTER_UPGRADE, true, Encoding.DASHBOARD),
            new PlainDialect("before", Admission.BEFORE_UPGRADE, false, Encoding.WORK)));
  }

  @Test
  void withoutAGoodCredentialTheUpgradeIsAProblem() {
    try (Gateways gateways = start(Map.of())) {
      UpgradeRejectedException none = rejected(gateways, at("/before"));
      assertThat(none.getStatus()).isEqualTo(401);
      assertThat(none.getHeaders().get("Content-Type")).isEqualTo("application/problem+json");
      assertThat(none.getHeaders().get("WWW-Authenticate")).isEqualTo("Bearer");
      assertThat(none.getHeaders().get("X-Content-Type-Options")).isEqualTo("nosniff");
      JsonObject problem = none.getBody().toJsonObject();
      assertThat(problem.getString("code")).isEqualTo("AUTHENTICATION_FAILED");
      assertThat(problem.getString("reason")).isEqualTo("TOKEN_MISSING");
      assertThat(problem.getString("correlationId"))
          .isEqualTo(none.getHeaders().get("X-Correlation-Id"));
      UpgradeRejectedException foreign =
          rejected(gateways, at("/before").addHeader("Origin", EVIL));
      assertThat(foreign.getStatus()).isEqualTo(403);
      assertThat(foreign.getBody().toJsonObject().getString("reason"))
          .isEqualTo("ORIGIN_NOT_ALLOWED");
    }
  }

  @Test
  void aFrameRightAfterALateUpgradeIsNotLost() {
    try (Gateways gateways = start(Map.of())) {
      String token = gateways.token(ACME);
      for (int i = 0; i < 50; i++) {
        // Tickets are checked in Redis: the answer comes turns later.
        String ticket = Http.ticket(gateways.port(), token);
        try (RawSocket raw = new RawSocket(gateways.port())) {
          raw.write(RawSocket.upgrade("/before?ticket=" + ticket));
          assertThat(raw.readHead()).startsWith("HTTP/1.1 101");
          raw.write(RawSocket.text("first"));
          assertThat(raw.read().text()).contains("admitted");
          assertThat(raw.read().text()).contains("first");
        }
      }
    }
  }

  @Test
  void aClientThatLeavesWhileItIsCheckedLeavesNothingBehind() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_MAX_UNADMITTED", "1"))) {
      for (int i = 0; i < 20; i++) {
        try (RawSocket raw = new RawSocket(gateways.port())) {
          raw.write(RawSocket.upgrade("/before?ticket=" + "x".repeat(43)));
        }
      }
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(gateways.meters().get("flotilla.unadmitted").gauge().value())
                      .isZero());
      gateways.connected(ACME);
    }
  }

  @Test
  void whoIsBeingCheckedWhenTheNodeBeginsToStopIsToldToComeBack() {
    try (Gateways store = Gateways.start()) {
      URI redis = URI.create(store.config().redis().url().reveal());
      PostgresProxy proxy = new PostgresProxy(store.vertx(), redis.getPort());
      String url = redis.toString().replace(":" + redis.getPort(), ":" + proxy.port());
      try (Gateways gateways = start(Map.of("FLOTILLA_REDIS_URL", url));
          RawSocket raw = new RawSocket(gateways.port())) {
        String ticket = Http.ticket(gateways.port(), gateways.token(ACME));
        Gateways.Running node = gateways.first();
        proxy.freeze();
        raw.write(RawSocket.upgrade("/before?ticket=" + ticket));
        Awaitility.await()
            .until(() -> node.meters().get("flotilla.unadmitted").gauge().value() == 1);
        Future<Void> stopped = gateways.vertx().undeploy(node.deployment());
        Awaitility.await().until(() -> node.readiness().draining());
        proxy.thaw();
        assertThat(raw.readHead()).startsWith("HTTP/1.1 503").contains("retry-after");
        stopped.await();
      }
    }
  }

  @Test
  void requestsThatMakeNoSenseAreAnsweredAndHoldNoSeat() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_MAX_UNADMITTED", "1"))) {
      for (String strange :
          List.of(
              "GET /before?ticket=%zz HTTP/1.1\r\nHost: a",
              "GET /before?% HTTP/1.1\r\nHost: a",
              "GET /before HTTP/1.1\r\nHost: [::\r\nOrigin: http://[::",
              "GET /before HTTP/1.1\r\nHost: a:99999999999\r\nOrigin: http://a:99999999999",
              "GET /before HTTP/1.1\r\nHost:\r\nOrigin: ://",
              "GET /before HTTP/1.1\r\nHost: a\r\nCookie: ;;=;flotilla_session;a=\"",
              "GET /before HTTP/1.1\r\nHost: a\r\nCookie: flotilla_session=\u0001",
              "GET /before HTTP/1.1\r\nHost: a\r\nAuthorization: bearer",
              "GET /before HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer \r\nOrigin:",
              "GET /before HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Protocol: bearer.,,bearer")) {
        String upgrade =
            strange
                + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13"
                + "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
        try (RawSocket raw = new RawSocket(gateways.port())) {
          raw.write(upgrade.getBytes(StandardCharsets.ISO_8859_1));
          assertThat(raw.readHead()).as(strange).matches("(?s)HTTP/1.1 40[013] .*");
        }
      }
      gateways.connected(ACME);
    }
  }

  @Test
  void onlyPagesOfTheHostItselfMayOpenSocketsByDefault() {
    try (Gateways gateways = start(Map.of())) {
      String own = "http://127.0.0.1:" + gateways.port();
      assertAdmitted(gateways, own);
      assertAdmitted(gateways, own.toUpperCase(Locale.ROOT));
      assertForbidden(gateways, "http://127.0.0.1");
      assertForbidden(gateways, "http://127.0.0.1:1");
      assertForbidden(gateways, "http://localhost:" + gateways.port());
      assertForbidden(gateways, EVIL);
      assertForbidden(gateways, "null");
      assertForbidden(gateways, "no origin");
    }
  }

  @Test
  void namedOriginsMayOpenSocketsAndNoOthers() {
    try (Gateways gateways =
        start(
            Map.of(
                "FLOTILLA_GATEWAY_ALLOWED_ORIGINS", "https://Ops.example.com, http://a.test:81"))) {
      assertAdmitted(gateways, "https://ops.example.com");
      assertAdmitted(gateways, "http://a.test:81");
      assertForbidden(gateways, "http://a.test");
      assertForbidden(gateways, "https://ops.example.com.evil.example");
      assertForbidden(gateways, "http://127.0.0.1:" + gateways.port());
    }
  }

  @Test
  void everyOriginMayOpenSocketsButBringNoCookie() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_ALLOWED_ORIGINS", "*"))) {
      assertAdmitted(gateways, EVIL);
      String cookie = "flotilla_session=" + gateways.token(ACME);
      Refusal refusal =
          refusal(gateways, at("/after").addHeader("Cookie", cookie).addHeader("Origin", EVIL));
      assertThat(refusal.said()).contains("ORIGIN_NOT_ALLOWED");
      assertThat(refusal.code()).isEqualTo(4403);
    }
  }

  @Test
  void moreStrangersThanTheNodeHasSeatsForAreToldToComeBack() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_MAX_UNADMITTED", "2"))) {
      Client first = gateways.open();
      Client second = gateways.open();
      UpgradeRejectedException full = rejected(gateways, at("/events"));
      assertThat(full.getStatus()).isEqualTo(503);
      assertThat(full.getHeaders().get("Retry-After")).isEqualTo("1");
      assertThat(full.getBody().toJsonObject().getString("reason")).isEqualTo("OVERLOADED");
      assertThat(gateways.meters().scrape())
          .contains("flotilla_unadmitted 2.0")
          .contains("flotilla_protocol_errors_total{reason=\"OVERLOADED\"} 1.0");
      first.connect(gateways.token(ACME));
      Client third = gateways.open();
      assertThat(rejected(gateways, at("/events")).getStatus()).isEqualTo(503);
      second.close();
      Awaitility.await()
          .ignoreExceptionsInstanceOf(UpgradeRejectedException.class)
          .until(() -> gateways.open().isOpen());
      assertThat(third.isOpen()).isTrue();
    }
  }

  @Test
  void whoIsRefusedFreesTheSeat() {
    try (Gateways gateways = start(Map.of("FLOTILLA_GATEWAY_MAX_UNADMITTED", "1"))) {
      for (int i = 0; i < 5; i++) {
        assertThat(rejected(gateways, at("/before")).getStatus()).isEqualTo(401);
        assertThat(rejected(gateways, at("/before").addHeader("Origin", EVIL)).getStatus())
            .isEqualTo(403);
      }
      assertThat(refusal(gateways, at("/after")).code()).isEqualTo(4401);
      Awaitility.await()
          .ignoreExceptionsInstanceOf(UpgradeRejectedException.class)
          .until(() -> gateways.open().isOpen());
    }
  }

  @Test
  void whereNoCredentialIsRequiredGuestsOfThisMachineAreViewers() {
    try (Gateways gateways =
        start(
            Map.of(
                "FLOTILLA_GATEWAY_AUTH_REQUIRED",
                "false",
                "FLOTILLA_GATEWAY_GUEST_TENANT",
                "acme"))) {
      Client guest = gateways.open(at("/after"));
      assertThat(guest.next().getString("admitted")).isEqualTo("acme/guest");
      // One who has a credential is who it says, and a bad one is not ignored.
      Client alice = gateways.open(bearer("/after", gateways.token(ACME)));
      assertThat(alice.next().getString("admitted")).isEqualTo("acme/alice");
      assertThat(refusal(gateways, bearer("/after", "nonsense")).code()).isEqualTo(4401);
      // Nothing else is open.
      assertThat(rejected(gateways, at("/before")).getStatus()).isEqualTo(401);
      assertThat(Http.get(gateways.port(), "/api/v1/tasks", Map.of()).statusCode()).isEqualTo(401);
      Client control = gateways.open();
      control.next();
      control.send(Client.connectFrame(null));
      assertThat(control.next().getJsonObject("error").getString("reason"))
          .isEqualTo("TOKEN_MISSING");
    }
  }

  @Test
  void dashboardsTakeGuestsAndNobodyElseDoes() {
    String secret = "a-static-token-of-some-length";
    try (Gateways gateways =
        start(
            Map.of(
                "FLOTILLA_GATEWAY_AUTH_REQUIRED", "false",
                "FLOTILLA_GATEWAY_AUTH_TOKEN", secret,
                "FLOTILLA_GATEWAY_GUEST_TENANT", "acme"))) {
      String dashboard = "/api/dashboard/ws/dashboard";
      for (WebSocketConnectOptions options : List.of(at(dashboard), bearer(dashboard, secret))) {
        assertThat(gateways.open(options).next().getString("type"))
            .isEqualTo("connection_established");
      }
      assertThat(rejected(gateways, at("/ws")).getStatus()).isEqualTo(401);
      assertThat(rejected(gateways, bearer("/ws", secret)).getStatus()).isEqualTo(401);
    }
  }

  @Test
  void aNameThatAPageHasPointedAtThisMachineMakesNoGuest() {
    try (Gateways gateways =
            start(
                Map.of(
                    "FLOTILLA_GATEWAY_AUTH_REQUIRED", "false",
                    "FLOTILLA_GATEWAY_GUEST_TENANT", "acme"));
        RawSocket raw = new RawSocket(gateways.port())) {
      String host = "evil.example:" + gateways.port();
      String upgrade =
          new String(RawSocket.upgrade("/after"), StandardCharsets.US_ASCII)
              .replace("Host: 127.0.0.1", "Host: " + host + "\r\nOrigin: http://" + host);
      raw.write(upgrade.getBytes(StandardCharsets.US_ASCII));
      assertThat(raw.readHead()).startsWith("HTTP/1.1 101");
      assertThat(raw.read().text()).contains("refused").contains("TOKEN_MISSING");
      assertThat(raw.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void theStaticTokenMakesAViewerWhereGuestsAreTaken() {
    String secret = "a-static-token-of-some-length";
    try (Gateways gateways =
        start(
            Map.of(
                "FLOTILLA_GATEWAY_AUTH_TOKEN", secret, "FLOTILLA_GATEWAY_GUEST_TENANT", "acme"))) {
      Client byHeader = gateways.open(bearer("/after", secret));
      assertThat(byHeader.next().getString("admitted")).isEqualTo("acme/guest");
      Client byProtocol =
          gateways.open(
              at("/after").addSubProtocol("test.after").addSubProtocol("bearer." + secret));
      assertThat(byProtocol.next().getString("admitted")).isEqualTo("acme/guest");
      assertThat(refusal(gateways, bearer("/after", secret + "x")).code()).isEqualTo(4401);
      assertThat(refusal(gateways, at("/after")).code()).isEqualTo(4401);
      assertThat(rejected(gateways, bearer("/before", secret)).getStatus()).isEqualTo(401);
      Map<String, String> header = Map.of("Authorization", "Bearer " + secret);
      assertThat(Http.get(gateways.port(), "/api/v1/tasks", header).statusCode()).isEqualTo(401);
      assertThat(Http.post(gateways.port(), "/api/auth/ticket", header, "").statusCode())
          .isEqualTo(401);
    }
  }

  private static void assertAdmitted(Gateways gateways, String origin) {
    Client client =
        gateways.open(bearer("/after", gateways.token(ACME)).addHeader("Origin", origin));
    assertThat(client.next().getString("admitted")).as(origin).isNotNull();
  }

  private static void assertForbidden(Gateways gateways, String origin) {
    String token = gateways.token(ACME);
    for (String path : List.of("/after", "/events")) {
      assertThat(refusal(gateways, bearer(path, token).addHeader("Origin", origin)))
          .as(origin)
          .isEqualTo(new Refusal("", 4403));
    }
    assertThat(rejected(gateways, bearer("/before", token).addHeader("Origin", origin)).getStatus())
        .as(origin)
        .isEqualTo(403);
  }

  private static Refusal refusal(Gateways gateways, WebSocketConnectOptions options) {
    return Refusal.of(gateways.port(), options);
  }

  private static WebSocketConnectOptions at(String path) {
    return new WebSocketConnectOptions().setURI(path);
  }

  private static WebSocketConnectOptions bearer(String path, String token) {
    return at(path).addHeader("Authorization", "Bearer " + token);
  }

  private static UpgradeRejectedException rejected(
      Gateways gateways, WebSocketConnectOptions options) {
    return catchThrowableOfType(UpgradeRejectedException.class, () -> gateways.open(options));
  }
}
