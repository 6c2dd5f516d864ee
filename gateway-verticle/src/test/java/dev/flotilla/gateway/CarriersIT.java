package dev.flotilla.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.Http;
import dev.flotilla.gateway.fixture.LogTape;
import dev.flotilla.gateway.fixture.PlainDialect;
import dev.flotilla.gateway.fixture.Refusal;
import dev.flotilla.gateway.session.Voice.Admission;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What may carry a credential, whenever it is checked.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CarriersIT {
  private static final String CONTROL = "/events";
  private static final String AFTER = "/after";
  private static final String BEFORE = "/before";
  private static final Map<String, String> SUBPROTOCOLS =
      Map.of(CONTROL, "fleet.control.v1", AFTER, "test.after", BEFORE, "test.before");

  private final Gateways gateways =
      Gateways.start(
          Map.of(),
          List.of(
              new PlainDialect("after", Admission.AFTER_UPGRADE, false, Encoding.CHAT),
              new PlainDialect("before", Admission.BEFORE_UPGRADE, false, Encoding.WORK)));

  /// Each test has its own: its sessions hear of tasks from the start.
  private TenantId acme;

  @BeforeEach
  void begin() {
    acme = gateways.tenant("acme");
  }

  @AfterAll
  void stop() {
    gateways.close();
  }

  /// The ways in which a request carries a token.
  enum Carrier {
    HEADER {
      @Override
      WebSocketConnectOptions carry(Gateways gateways, String token) {
        return options().addHeader("Authorization", "Bearer " + token);
      }
    },
    SUBPROTOCOL {
      @Override
      WebSocketConnectOptions carry(Gateways gateways, String token) {
        return options().addSubProtocol("bearer." + token);
      }
    },
    TICKET {
      @Override
      WebSocketConnectOptions carry(Gateways gateways, String token) {
        return options().setURI("?ticket=" + Http.ticket(gateways.port(), token));
      }
    },
    COOKIE {
      @Override
      WebSocketConnectOptions carry(Gateways gateways, String token) {
        return options()
            .addHeader("Cookie", "theme=dark; flotilla_session=" + token)
            .addHeader("Origin", "http://127.0.0.1:" + gateways.port());
      }
    };

    abstract WebSocketConnectOptions carry(Gateways gateways, String token);

    private static WebSocketConnectOptions options() {
      return new WebSocketConnectOptions().setURI("");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSocketIsAdmittedInTheFirstFrame(Carrier carrier) {
    Client client = control(carrier, gateways.token(acme));
    assertThat(client.next().getJsonObject("principal").getString("user")).isEqualTo("alice");
  }

  @ParameterizedTest
  @EnumSource
  void aSocketIsAdmittedAfterTheUpgrade(Carrier carrier) {
    Client client = open(AFTER, carrier.carry(gateways, gateways.token(acme)));
    assertThat(client.next().getString("admitted")).isEqualTo(acme + "/alice");
  }

  @ParameterizedTest
  @EnumSource
  void aSocketIsAdmittedBeforeTheUpgrade(Carrier carrier) {
    Client client = open(BEFORE, carrier.carry(gateways, gateways.token(acme)));
    assertThat(client.next().getString("admitted")).isEqualTo(acme + "/alice");
  }

  @ParameterizedTest
  @EnumSource(names = "TICKET", mode = EnumSource.Mode.EXCLUDE)
  void aBadTokenIsRefusedByEveryCarrier(Carrier carrier) {
    Client control = control(carrier, "not.a.token");
    assertThat(control.next().getJsonObject("error").getString("reason"))
        .isEqualTo("TOKEN_INVALID");
    assertThat(control.closeCode()).isEqualTo(4401);
    Refusal after = refusal(carrier.carry(gateways, "not.a.token"));
    assertThat(after.said()).contains("TOKEN_INVALID");
    assertThat(after.code()).isEqualTo(4401);
    assertThat(rejected(BEFORE, carrier.carry(gateways, "not.a.token")).getStatus()).isEqualTo(401);
  }

  @ParameterizedTest
  @EnumSource
  void aSessionIsRefreshedInBandHoweverItBegan(Carrier carrier) {
    Client client = control(carrier, gateways.token(acme, Role.OPERATOR, Duration.ofSeconds(60)));
    client.next();
    client.subscribe("tasks", "task:*", "instances");
    String narrower = gateways.narrowToken(acme, "instances.read");
    JsonObject answer = client.call("auth.refresh", new JsonObject().put("token", narrower));
    assertThat(answer.getJsonObject("payload").getJsonArray("dropped"))
        .containsExactlyInAnyOrder("tasks", "task:*");
    gateways.record(acme, "refreshed", 1);
    gateways.instanceChanged(acme, carrier.name());
    assertThat(client.next().getString("event")).isEqualTo("instance");
  }

  @ParameterizedTest
  @EnumSource
  void aSessionOfAnyDialectIsRefreshedToo(Carrier carrier) {
    for (String path : List.of(AFTER, BEFORE)) {
      Client client = open(path, carrier.carry(gateways, gateways.token(acme)));
      client.next();
      client.sendText("refresh " + gateways.narrowToken(acme, "instances.read"));
      assertThat(client.next().getString("dropped")).isEqualTo("[tasks]");
      gateways.record(acme, "refreshed", 1);
      client.sendText("still there?");
      assertThat(client.next().getString("echo")).isEqualTo("still there?");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithTheTokenThatItBeganWith(Carrier carrier) {
    Client client = gateways.briefly(acme, token -> admitted(carrier, token));
    assertThat(client.next().getString("refused")).isEqualTo("TOKEN_EXPIRED");
    assertThat(client.closeCode()).isEqualTo(4401);
  }

  private Client admitted(Carrier carrier, String token) {
    Client client = open(AFTER, carrier.carry(gateways, token));
    assertThat(client.next().getString("admitted")).isNotNull();
    return client;
  }

  @Test
  void theServerSelectsTheDialectsOwnSubprotocolAndNeverTheToken() {
    WebSocketConnectOptions options =
        new WebSocketConnectOptions()
            .addSubProtocol("bearer." + gateways.token(acme))
            .addSubProtocol("test.before");
    assertThat(open(BEFORE, options).socket().subProtocol()).isEqualTo("test.before");
  }

  @Test
  void theFirstCarrierCountsGoodOrNot() {
    WebSocketConnectOptions options =
        Carrier.COOKIE
            .carry(gateways, gateways.token(acme))
            .addHeader("Authorization", "Bearer not.a.token");
    assertThat(rejected(BEFORE, options).getStatus()).isEqualTo(401);
    WebSocketConnectOptions other =
        Carrier.COOKIE
            .carry(gateways, "not.a.token")
            .addHeader("Authorization", "Bearer " + gateways.token(acme));
    assertThat(open(BEFORE, other).next().getString("admitted")).isNotNull();
  }

  @Test
  void anotherSchemeOfAuthorizationIsNotOurs() {
    WebSocketConnectOptions options =
        Carrier.COOKIE
            .carry(gateways, gateways.token(acme))
            .addHeader("Authorization", "Basic YTpi");
    assertThat(open(BEFORE, options).next().getString("admitted")).isNotNull();
  }

  @Test
  void aCookieWithoutTheOriginOfAPageCountsForNothing() {
    String token = gateways.token(acme);
    Client control = open(CONTROL, cookie(token));
    control.next();
    control.send(Client.connectFrame(null));
    assertThat(control.next().getJsonObject("error").getString("reason"))
        .isEqualTo("ORIGIN_NOT_ALLOWED");
    assertThat(control.closeCode()).isEqualTo(4403);
    Refusal after = refusal(cookie(token));
    assertThat(after.said()).contains("ORIGIN_NOT_ALLOWED");
    assertThat(after.code()).isEqualTo(4403);
    assertThat(rejected(BEFORE, cookie(token)).getStatus()).isEqualTo(403);
  }

  @Test
  void theTokenOfTheFirstFrameWinsOverACookieThatDoesNotCount() {
    Client client = open(CONTROL, cookie("whatever"));
    client.connect(gateways.token(acme));
  }

  @Test
  void requestsTakeACookieOnlyFromPagesThatMayAct() {
    String cookie = "flotilla_session=" + gateways.token(acme);
    String own = "http://127.0.0.1:" + gateways.port();
    Map<String, String> ours = Map.of("Cookie", cookie, "Origin", own);
    Map<String, String> foreign = Map.of("Cookie", cookie, "Origin", "https://evil.example");
    Map<String, String> bare = Map.of("Cookie", cookie);
    Map<String, String> linked = Map.of("Cookie", cookie, "Sec-Fetch-Site", "cross-site");
    assertThat(get(ours)).isEqualTo(200);
    assertThat(get(bare)).isEqualTo(200);
    assertThat(get(foreign)).isEqualTo(403);
    assertThat(get(linked)).isEqualTo(403);
    assertThat(post(ours)).isEqualTo(201);
    assertThat(post(bare)).isEqualTo(403);
    assertThat(post(foreign)).isEqualTo(403);
  }

  private int get(Map<String, String> headers) {
    return Http.get(gateways.port(), "/api/v1/tasks", headers).statusCode();
  }

  private int post(Map<String, String> headers) {
    return Http.post(gateways.port(), "/api/v1/tasks", headers, "{}").statusCode();
  }

  @Test
  void requestsTakeNoTicket() {
    String ticket = Http.ticket(gateways.port(), gateways.token(acme));
    assertThat(Http.get(gateways.port(), "/api/v1/tasks?ticket=" + ticket, Map.of()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void everyCheckIsCountedOnce() {
    String token = gateways.token(acme);
    Counts before = Counts.of(gateways);
    open(AFTER, Carrier.HEADER.carry(gateways, token)).next();
    open(BEFORE, Carrier.HEADER.carry(gateways, token)).next();
    assertThat(get(Map.of("Authorization", "Bearer " + token))).isEqualTo(200);
    assertThat(refusal(new WebSocketConnectOptions()).code()).isEqualTo(4401);
    rejected(BEFORE, new WebSocketConnectOptions());
    assertThat(get(Map.of())).isEqualTo(401);
    for (WebSocketConnectOptions options : List.of(cookie(token), foreign(token))) {
      assertThat(refusal(options).code()).isEqualTo(4403);
    }
    for (WebSocketConnectOptions options : List.of(cookie(token), foreign(token))) {
      rejected(BEFORE, options);
    }
    Client control = open(CONTROL, cookie(token));
    control.send(Client.connectFrame(null));
    assertThat(control.closeCode()).isEqualTo(4403);
    Map<String, String> evil =
        Map.of("Cookie", "flotilla_session=x", "Origin", "https://evil.example");
    assertThat(get(evil)).isEqualTo(403);
    assertThat(Http.get(gateways.port(), "/api/stream?topics=tasks", evil).statusCode())
        .isEqualTo(403);
    await()
        .untilAsserted(
            () ->
                assertThat(Counts.of(gateways).minus(before))
                    .isEqualTo(new Counts(2, 1, 2, 1, 5, 2)));
  }

  private record Counts(
      int accepted, int acceptedRest, int missing, int missingRest, int origin, int originRest) {

    static Counts of(Gateways gateways) {
      return new Counts(
          count(gateways, "auth.success", "via", "ws"),
          count(gateways, "auth.success", "via", "rest"),
          count(gateways, "auth.denied", "via", "ws", "reason", "TOKEN_MISSING"),
          count(gateways, "auth.denied", "via", "rest", "reason", "TOKEN_MISSING"),
          count(gateways, "auth.denied", "via", "ws", "reason", "ORIGIN_NOT_ALLOWED"),
          count(gateways, "auth.denied", "via", "rest", "reason", "ORIGIN_NOT_ALLOWED"));
    }

    Counts minus(Counts before) {
      return new Counts(
          accepted - before.accepted,
          acceptedRest - before.acceptedRest,
          missing - before.missing,
          missingRest - before.missingRest,
          origin - before.origin,
          originRest - before.originRest);
    }

    private static int count(Gateways gateways, String name, String... tags) {
      return (int) gateways.meters().counter(name, tags).count();
    }
  }

  @Test
  void noLogLineHoldsATokenATicketOrAQuery() {
    String token = gateways.token(acme);
    String bad = "bad" + token;
    String ticket = Http.ticket(gateways.port(), token);
    try (LogTape tape = LogTape.ofANode()) {
      for (Carrier carrier : Carrier.values()) {
        control(carrier, token).next();
        open(AFTER, carrier.carry(gateways, token)).next();
        open(BEFORE, carrier.carry(gateways, token)).next();
      }
      control(Carrier.SUBPROTOCOL, bad).closeCode();
      rejected(BEFORE, Carrier.HEADER.carry(gateways, bad));
      rejected(BEFORE, new WebSocketConnectOptions().setURI("?ticket=" + bad));
      Http.get(gateways.port(), "/api/v1/stream?ticket=" + ticket, Map.of());
      assertThat(tape.lines())
          .isNotEmpty()
          .noneMatch(line -> line.contains(token.substring(0, 60)) || line.contains(ticket))
          .noneMatch(line -> line.contains("ticket="));
    }
  }

  private static WebSocketConnectOptions cookie(String token) {
    return new WebSocketConnectOptions()
        .setAllowOriginHeader(false) // The client would send the server's own.
        .addHeader("Cookie", "flotilla_session=" + token);
  }

  private static WebSocketConnectOptions foreign(String token) {
    return new WebSocketConnectOptions()
        .addHeader("Authorization", "Bearer " + token)
        .addHeader("Origin", "https://evil.example");
  }

  /// A control session that has sent a connect without a token.
  private Client control(Carrier carrier, String token) {
    Client client = open(CONTROL, carrier.carry(gateways, token));
    client.next();
    return client.send(Client.connectFrame(null));
  }

  private Client open(String path, WebSocketConnectOptions options) {
    String query =
        options.getURI() != null && options.getURI().startsWith("?") ? options.getURI() : "";
    return gateways.open(spoken(path, options).setURI(path + query));
  }

  /// A client that offers its token as a subprotocol offers the dialect's own, too.
  private static WebSocketConnectOptions spoken(String path, WebSocketConnectOptions options) {
    List<String> offered = options.getSubProtocols();
    return offered != null && offered.size() == 1
        ? options.addSubProtocol(SUBPROTOCOLS.get(path))
        : options;
  }

  private Refusal refusal(WebSocketConnectOptions options) {
    return Refusal.of(gateways.port(), spoken(AFTER, options).setURI(AFTER));
  }

  private UpgradeRejectedException rejected(String path, WebSocketConnectOptions options) {
    Throwable refusal = catchThrowable(() -> open(path, options));
    assertThat(refusal).isInstanceOf(UpgradeRejectedException.class);
    return (UpgradeRejectedException) refusal;
  }
}
