package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// A browser keeps its login in cookies, and no other site can use them.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CookieIT {
  private final House house = House.open();
  private int tenants;
  private String tenant;

  @BeforeEach
  void aUser() {
    tenant = "browsing" + ++tenants;
    house.user(tenant, "alice", Role.OPERATOR);
  }

  @AfterAll
  void close() {
    house.close();
  }

  private Rest.Answer login(Rest from) {
    return from.post(
        "/api/v1/auth/login",
        new JsonObject()
            .put("tenant", tenant)
            .put("username", "alice")
            .put("password", House.PASSWORD)
            .put("cookie", true));
  }

  /// A browser that has logged in.
  private record Browser(Rest page, String csrf) {
    Rest withCsrf() {
      return page.with("X-CSRF-Token", csrf);
    }
  }

  private Browser browser() {
    Rest.Answer login = login(house.rest().page());
    assertThat(login.status()).as(login.body()).isEqualTo(200);
    return new Browser(
        house.rest().page().with("Cookie", login.cookieHeader()),
        login.json().getString("csrf_token"));
  }

  @Test
  void noScriptSeesATokenAndNoOtherSiteGetsTheCookies() {
    Rest.Answer login = login(house.rest().page());
    assertThat(login.json().fieldNames()).doesNotContain("access_token", "refresh_token");
    assertThat(login.cookie("flotilla_session"))
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict", "Path=/", "Max-Age=900");
    assertThat(login.cookie("flotilla_refresh"))
        .containsIgnoringCase("HttpOnly")
        .contains("SameSite=Strict", "Path=/api");
    assertThat(login.cookie("flotilla_csrf"))
        .contains("SameSite=Strict")
        .doesNotContainIgnoringCase("HttpOnly")
        .contains(login.json().getString("csrf_token"));
  }

  @Test
  void readingTakesTheCookieAloneAndChangingTakesTheCsrfTokenToo() {
    Browser browser = browser();
    assertThat(browser.page().get("/api/v1/auth/me").json().getString("id")).isEqualTo("alice");
    JsonObject task = new JsonObject().put("prompt", "hello");
    assertThat(browser.withCsrf().post("/api/v1/tasks", task).status()).isEqualTo(201);
    Rest.Answer without = browser.page().post("/api/v1/tasks", task);
    assertThat(without.status()).isEqualTo(403);
    assertThat(without.reason()).isEqualTo("CSRF_REFUSED");
    assertThat(browser.page().with("X-CSRF-Token", "guessed").post("/api/v1/tasks", task).reason())
        .isEqualTo("CSRF_REFUSED");
  }

  @Test
  void theCsrfTokenOfAnotherLoginDoesNotCount() {
    Browser mine = browser();
    Browser other = browser();
    assertThat(
            mine.page()
                .with("X-CSRF-Token", other.csrf())
                .post("/api/v1/tasks", new JsonObject().put("prompt", "hello"))
                .reason())
        .isEqualTo("CSRF_REFUSED");
  }

  @Test
  void aPageOfAnotherSiteCanDoNothingWithTheCookies() {
    Browser browser = browser();
    Rest foreign = browser.withCsrf().with("Origin", "https://evil.example");
    JsonObject nothing = new JsonObject();
    assertThat(foreign.post("/api/v1/tasks", nothing.copy().put("prompt", "x")).reason())
        .isEqualTo("ORIGIN_NOT_ALLOWED");
    assertThat(foreign.post("/api/v1/auth/refresh", nothing).reason())
        .isEqualTo("ORIGIN_NOT_ALLOWED");
    assertThat(foreign.get("/api/v1/tasks").reason()).isEqualTo("ORIGIN_NOT_ALLOWED");
    assertThat(login(house.rest().with("Origin", "https://evil.example")).reason())
        .isEqualTo("ORIGIN_NOT_ALLOWED");
    assertThat(login(house.rest()).reason()).isEqualTo("ORIGIN_NOT_ALLOWED");
  }

  @Test
  void aSocketOpensWithTheCookieOfAnOwnPageOnly() {
    String cookies = login(house.rest().page()).cookieHeader();
    Socket own = Socket.open(house, dashboard(cookies, "http://127.0.0.1:" + house.port()));
    own.awaitHeard("dashboard_initialized");
    own.close();
    Socket foreign = Socket.open(house, dashboard(cookies, "https://evil.example"));
    assertThat(foreign.awaitClosed()).isIn(4401, 4403);
    assertThat(foreign.heard()).noneMatch(text -> text.contains("dashboard_initialized"));
  }

  private WebSocketConnectOptions dashboard(String cookies, String origin) {
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(house.port())
        .setURI("/api/dashboard/ws/dashboard")
        .putHeader("Cookie", cookies)
        .putHeader("Origin", origin);
  }

  @Test
  void overTlsCookiesAreSecureAndAPageWithoutItIsNotOurs() {
    try (House behindTls =
        House.open(Map.of("FLOTILLA_GATEWAY_PUBLIC_URL", "https://fleet.example"))) {
      behindTls.user(tenant, "alice", Role.OPERATOR);
      Rest.Answer plain = login(behindTls.rest().page());
      assertThat(plain.reason()).isEqualTo("ORIGIN_NOT_ALLOWED");
      String host = "https://127.0.0.1:" + behindTls.port();
      Rest.Answer login = login(behindTls.rest().with("Origin", host));
      assertThat(login.status()).as(login.body()).isEqualTo(200);
      assertThat(login.cookies()).hasSize(3).allMatch(cookie -> cookie.contains("Secure"));
    }
  }

  @Test
  void aRefreshRotatesTheCookies() {
    Browser browser = browser();
    assertThat(browser.page().post("/api/auth/refresh", new JsonObject()).reason())
        .isEqualTo("CSRF_REFUSED");
    Rest.Answer next = browser.withCsrf().post("/api/auth/refresh", new JsonObject());
    assertThat(next.status()).as(next.body()).isEqualTo(200);
    assertThat(next.json().fieldNames()).doesNotContain("access_token", "refresh_token");
    Browser renewed =
        new Browser(house.rest().page().with("Cookie", next.cookieHeader()), browser.csrf());
    assertThat(
            renewed
                .withCsrf()
                .post("/api/v1/tasks", new JsonObject().put("prompt", "hello"))
                .status())
        .isEqualTo(201);
    assertThat(browser.withCsrf().post("/api/auth/refresh", new JsonObject()).reason())
        .isEqualTo("SESSION_OVER");
  }

  @Test
  void aRefreshTokenOfACookieIsNoGoodWithoutItsCsrfTokenEvenWhenUsedBefore() {
    Browser browser = browser();
    Rest.Answer next = browser.withCsrf().post("/api/auth/refresh", new JsonObject());
    browser.page().post("/api/auth/refresh", new JsonObject());
    Browser renewed =
        new Browser(house.rest().page().with("Cookie", next.cookieHeader()), browser.csrf());
    assertThat(renewed.withCsrf().post("/api/auth/refresh", new JsonObject()).status())
        .isEqualTo(200);
  }

  @Test
  void aLogoutTakesTheCookiesAwayAndEndsTheSession() {
    Browser browser = browser();
    assertThat(browser.page().post("/api/v1/auth/logout", new JsonObject()).reason())
        .isEqualTo("CSRF_REFUSED");
    Rest.Answer out = browser.withCsrf().post("/api/v1/auth/logout", new JsonObject());
    assertThat(out.status()).isEqualTo(200);
    assertThat(out.cookies()).hasSize(3).allMatch(cookie -> cookie.contains("Max-Age=0"));
    assertThat(browser.withCsrf().post("/api/auth/refresh", new JsonObject()).reason())
        .isEqualTo("SESSION_OVER");
    House.await(() -> browser.page().get("/api/v1/auth/me").status() == 401);
  }

  @Test
  void aLogoutWorksWithTheRefreshCookieAloneToo() {
    Rest.Answer login = login(house.rest().page());
    Rest page =
        house.rest().page().with("Cookie", login.cookie("flotilla_refresh").split(";", 2)[0]);
    assertThat(page.post("/api/v1/auth/logout", new JsonObject()).reason())
        .isEqualTo("CSRF_REFUSED");
    assertThat(
            page.with("X-CSRF-Token", login.json().getString("csrf_token"))
                .post("/api/v1/auth/logout", new JsonObject())
                .status())
        .isEqualTo(200);
  }
}
