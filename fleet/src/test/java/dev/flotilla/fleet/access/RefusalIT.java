package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import dev.flotilla.testkit.Issuer;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A token that is not good is refused by everything that takes one, whatever carries it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalIT {
  private static final String CONNECT =
      "{\"type\":\"connect\",\"id\":\"1\",\"minProtocol\":1,\"maxProtocol\":1,"
          + "\"auth\":{\"token\":\"%s\"}}";

  private final House house =
      House.open(
          Map.of(
              "FLOTILLA_IDENTITY_ISSUER", BadToken.ISSUER,
              "FLOTILLA_IDENTITY_AUDIENCE", BadToken.AUDIENCE,
              "FLOTILLA_IDENTITY_JWKS_URL", BadToken.OTHER.url(),
              "FLOTILLA_IDENTITY_JWKS_ISSUER", Issuer.NAME,
              "FLOTILLA_IDENTITY_JWKS_AUDIENCE", Issuer.AUDIENCE));

  @AfterAll
  void close() {
    house.close();
  }

  @BeforeAll
  void revoke() {
    Rest admin = house.rest().bearer(house.token("refusing", "root", Role.ADMIN));
    assertThat(admin.post("/api/v1/users/gone/revoke", new JsonObject()).status()).isEqualTo(200);
    House.await(
        () ->
            house.rest().bearer(BadToken.REVOKED.make(house)).get("/api/auth/me").status() == 401);
  }

  @Test
  void theSameTokensWithNothingWrongAreTaken() {
    String good = BadToken.good(house, BadToken.claims());
    assertThat(house.rest().bearer(good).get("/api/v1/tasks").status()).isEqualTo(200);
  }

  /// Whatever carries it.
  @ParameterizedTest
  @EnumSource
  void aTokenOfTheOtherIssuerIsTakenEverywhere(Issuer.Kind kind) {
    String token = BadToken.OTHER.sign(kind.name(), BadToken.foreign());
    Rest bearer = house.rest().bearer(token);
    assertThat(bearer.get("/api/v1/tasks").status()).isEqualTo(200);
    assertThat(bearer.get("/api/v1/auth/me").json().getString("id")).isEqualTo("alice");
    assertThat(
            house
                .rest()
                .page()
                .with("Cookie", "flotilla_session=" + token)
                .get("/api/v1/tasks")
                .status())
        .isEqualTo(200);
    String ticket = bearer.post("/api/v1/auth/ticket", new JsonObject()).json().getString("ticket");
    Socket byTicket = Socket.open(house, to("/api/dashboard/ws/dashboard?ticket=" + ticket));
    byTicket.awaitHeard("dashboard_initialized");
    byTicket.close();
    Socket offered =
        Socket.open(
            house,
            to("/api/dashboard/ws/dashboard")
                .addSubProtocol("fleet.dashboard.v1")
                .addSubProtocol("bearer." + token));
    offered.awaitHeard("dashboard_initialized");
    offered.close();
    Socket control = Socket.open(house, to("/events"));
    control.send(CONNECT.formatted(token));
    control.awaitHeard("\"hello\"");
    control.close();
    Socket.open(house, house.port(), "/ws", token).close();
    Socket chat = Socket.open(house, house.port(), "/api/chat/ws", token);
    assertThat(chat.closed()).isZero();
    chat.close();
  }

  @ParameterizedTest
  @EnumSource
  void noRequestIsServed(BadToken bad) {
    String token = bad.make(house);
    Rest bearer = house.rest().bearer(token);
    JsonObject call = new JsonObject().put("id", "1").put("method", "task.list");
    for (Rest.Answer answer :
        new Rest.Answer[] {
          bearer.get("/api/v1/tasks"),
          bearer.get("/api/tasks"),
          bearer.get("/api/v1/auth/me"),
          bearer.get("/api/v1/stream?topics=tasks"),
          bearer.get("/api/v1/dashboard/websocket/stats"),
          bearer.post("/api/v1/tasks", new JsonObject().put("prompt", "x")),
          bearer.post("/api/v1/call", call),
          bearer.post("/api/v1/auth/ticket", new JsonObject()),
          bearer.post("/api/v1/auth/logout", new JsonObject()),
          house.rest().page().with("Cookie", "flotilla_session=" + token).get("/api/v1/tasks")
        }) {
      assertThat(answer.status()).as(answer.body()).isEqualTo(401);
      assertThat(answer.reason()).isEqualTo(bad.reason);
      assertThat(answer.body()).doesNotContain(token);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noSocketIsAdmitted(BadToken bad) {
    String token = bad.make(house);
    for (String path : new String[] {"/api/dashboard/ws/dashboard", "/api/chat/ws"}) {
      assertThat(Socket.open(house, house.port(), path, token).awaitClosed()).isEqualTo(4401);
    }
    Socket control = Socket.open(house, to("/events"));
    control.send(CONNECT.formatted(token));
    control.awaitHeard(bad.reason);
    assertThat(control.awaitClosed()).isEqualTo(4401);
    Socket offered =
        Socket.open(
            house,
            to("/api/dashboard/ws/dashboard")
                .addSubProtocol("fleet.dashboard.v1")
                .addSubProtocol("bearer." + token));
    assertThat(offered.awaitClosed()).isEqualTo(4401);
    assertThat(rejection("/ws", token)).isEqualTo(401);
  }

  private WebSocketConnectOptions to(String path) {
    return new WebSocketConnectOptions().setHost("127.0.0.1").setPort(house.port()).setURI(path);
  }

  /// The status of an upgrade that is refused.
  private int rejection(String path, String token) {
    try {
      Socket.open(house, house.port(), path, token);
      throw new AssertionError("admitted");
    } catch (UpgradeRejectedException refused) {
      return refused.getStatus();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noSessionIsRefreshedWithIt(BadToken bad) {
    Socket control = Socket.open(house, to("/events"));
    control.send(CONNECT.formatted(BadToken.good(house, BadToken.claims())));
    control.awaitHeard("\"hello\"");
    control.send(
        "{\"type\":\"req\",\"id\":\"2\",\"method\":\"auth.refresh\",\"params\":{\"token\":\"%s\"}}"
            .formatted(bad.make(house)));
    control.awaitHeard(bad.reason);
    assertThat(control.closed()).isZero();
    control.close();
  }

  @Test
  void aSessionIsNotRefreshedWithATokenOfAnotherTenant() {
    Socket control = Socket.open(house, to("/events"));
    control.send(CONNECT.formatted(BadToken.good(house, BadToken.claims())));
    control.awaitHeard("\"hello\"");
    String other = BadToken.good(house, BadToken.claims().put("tenant_id", "elsewhere"));
    control.send(
        "{\"type\":\"req\",\"id\":\"2\",\"method\":\"auth.refresh\",\"params\":{\"token\":\"%s\"}}"
            .formatted(other));
    control.awaitHeard("OTHER_PRINCIPAL");
    control.close();
  }

  /// Denials are counted where they happen, by what was entered and why.
  @Test
  void denialsAreCounted() {
    String viewer = house.token("refusing", "vera", Role.VIEWER);
    assertThat(
            house
                .rest()
                .bearer(viewer)
                .post("/api/v1/tasks", new JsonObject().put("prompt", "x"))
                .reason())
        .isEqualTo("MISSING_SCOPE");
    double before = denied("rest");
    house
        .rest()
        .bearer(viewer)
        .post(
            "/api/v1/call",
            new JsonObject("{\"id\":\"1\",\"method\":\"task.create\",\"params\":{}}"));
    assertThat(denied("rest")).isGreaterThan(before);
    Socket control = Socket.open(house, to("/events"));
    control.send(CONNECT.formatted(viewer));
    control.awaitHeard("\"hello\"");
    control.send(
        "{\"type\":\"req\",\"id\":\"2\",\"method\":\"task.create\",\"idempotencyKey\":\"k\","
            + "\"params\":{\"prompt\":\"x\"}}");
    control.awaitHeard("MISSING_SCOPE");
    control.close();
    assertThat(denied("ws")).isPositive();
  }

  private double denied(String via) {
    return house
        .meters
        .find("auth.denied")
        .tags("via", via, "reason", "MISSING_SCOPE")
        .counters()
        .stream()
        .mapToDouble(Counter::count)
        .sum();
  }
}
