package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import dev.flotilla.testkit.Issuer;
import dev.flotilla.testkit.OidcSite;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// People log in at a provider, and come back as somebody here.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OidcIT {
  private static final String CSRF = "flotilla_csrf";
  private static final String CALLBACK = "http://fleet.test/api/v1/auth/oidc/callback";

  private final OidcSite site = new OidcSite();
  private final House house =
      House.open(
          Map.of(
              "FLOTILLA_IDENTITY_OIDC_ISSUER",
              site.url(),
              "FLOTILLA_IDENTITY_OIDC_CLIENT_ID",
              OidcSite.CLIENT,
              "FLOTILLA_IDENTITY_OIDC_CLIENT_SECRET",
              OidcSite.SECRET,
              "FLOTILLA_IDENTITY_OIDC_CALLBACK",
              CALLBACK,
              "FLOTILLA_IDENTITY_OIDC_TENANT_CLAIM",
              "org",
              "FLOTILLA_IDENTITY_OIDC_ROLES_CLAIM",
              "groups",
              "FLOTILLA_IDENTITY_OIDC_ROLES",
              "fleet-ops=operator,fleet-admins=admin"));
  private final HttpClient browser = HttpClient.newHttpClient();

  @BeforeEach
  void anHonestProvider() {
    site.change = claims -> claims;
    site.key = "RS256";
  }

  @AfterAll
  void close() {
    browser.close();
    house.close();
    site.close();
  }

  private static JsonObject person(String tenant, String user, String... groups) {
    return new JsonObject()
        .put("sub", user)
        .put("org", tenant)
        .put("groups", new JsonArray(List.of(groups)));
  }

  /// Somebody who was at the provider, and is about to come back.
  private record Returning(String cookie, String query) {}

  private HttpResponse<String> get(String url) {
    try {
      return browser.send(
          HttpRequest.newBuilder(URI.create(url)).timeout(House.PATIENCE).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new java.io.UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private Returning goThere(JsonObject who, String redirect) {
    site.person = who;
    HttpResponse<String> away =
        get("http://127.0.0.1:" + house.port() + "/api/v1/auth/oidc/login?redirect=" + redirect);
    assertThat(away.statusCode()).as(away.body()).isEqualTo(302);
    String cookie = away.headers().firstValue("Set-Cookie").orElseThrow();
    assertThat(cookie).containsIgnoringCase("HttpOnly").contains("SameSite=Lax");
    HttpResponse<String> back = get(away.headers().firstValue("Location").orElseThrow());
    assertThat(back.statusCode()).as(back.body()).isEqualTo(302);
    String location = back.headers().firstValue("Location").orElseThrow();
    assertThat(location).startsWith(CALLBACK + "?");
    return new Returning(cookie.split(";", 2)[0], location.substring(CALLBACK.length()));
  }

  private Rest.Answer comeBack(Returning who) {
    return house
        .rest()
        .with("Cookie", who.cookie())
        .get("/api/v1/auth/oidc/callback" + who.query());
  }

  private Rest.Answer login(JsonObject who) {
    return comeBack(goThere(who, "/tasks"));
  }

  /// The cookies of a login that went well.
  private Rest page(Rest.Answer admitted) {
    assertThat(admitted.status()).as(admitted.body()).isEqualTo(200);
    return house.rest().page().with("Cookie", admitted.cookieHeader());
  }

  @Test
  void whoWasAtTheProviderIsLoggedInHere() {
    Rest.Answer admitted = comeBack(goThere(person("oidc-acme", "u-1", "fleet-ops"), "/tasks?a=1"));
    assertThat(admitted.body()).contains("url=/tasks?a=1");
    Rest page = page(admitted);
    JsonObject me = page.get("/api/v1/auth/me").json();
    assertThat(me.getString("id")).isEqualTo("u-1");
    assertThat(me.getString("tenant_id")).isEqualTo("oidc-acme");
    assertThat(me.getJsonArray("roles")).containsExactly("operator");
    String csrf = admitted.cookie(CSRF).split("[=;]", 3)[1];
    JsonObject task = new JsonObject().put("prompt", "hello");
    assertThat(page.post("/api/v1/tasks", task).reason()).isEqualTo("CSRF_REFUSED");
    assertThat(page.with("X-CSRF-Token", csrf).post("/api/v1/tasks", task).status()).isEqualTo(201);
    assertThat(
            page.with("X-CSRF-Token", csrf).post("/api/v1/auth/refresh", new JsonObject()).status())
        .isEqualTo(200);
  }

  @Test
  void onlyTheBrowserThatLeftComesBackAndOnce() {
    Returning one = goThere(person("oidc-acme", "u-2", "fleet-ops"), "/");
    Returning other = goThere(person("oidc-acme", "u-3", "fleet-ops"), "/");
    assertRefused(comeBack(new Returning(one.cookie(), other.query())), "LOGIN_FAILED");
    assertRefused(comeBack(new Returning("flotilla_oidc=made-up", one.query())), "LOGIN_FAILED");
    assertRefused(house.rest().get("/api/v1/auth/oidc/callback" + one.query()), "LOGIN_FAILED");
    assertRefused(
        house
            .rest()
            .with("Cookie", one.cookie())
            .get("/api/v1/auth/oidc/callback" + one.query().replaceFirst("code=[^&]*&", "")),
        "LOGIN_FAILED");
    assertThat(comeBack(one).status()).isEqualTo(200);
    assertRefused(comeBack(one), "LOGIN_FAILED");
  }

  @Test
  void anIdTokenThatIsNotForThisLoginIsRefused() {
    JsonObject who = person("oidc-acme", "u-4", "fleet-ops");
    site.change = claims -> claims.put("nonce", "of another login");
    assertRefused(login(who), "TOKEN_INVALID");
    site.change = claims -> claims.put("aud", "another-client");
    assertRefused(login(who), "TOKEN_INVALID");
    site.change =
        claims -> claims.put("aud", new JsonArray().add(OidcSite.CLIENT).add("another-client"));
    assertRefused(login(who), "TOKEN_INVALID");
    site.change = claims -> claims.put("iss", "https://issuer.test");
    assertRefused(login(who), "TOKEN_INVALID");
    site.change = claims -> claims.put("exp", claims.getLong("iat") - 3_600);
    assertRefused(login(who), "TOKEN_EXPIRED");
    site.change = claims -> claims;
    site.keys().add("hidden", Issuer.Kind.RS256);
    site.keys().takeOut("hidden");
    site.key = "hidden";
    assertRefused(login(who), "TOKEN_INVALID");
  }

  @Test
  void whoIsNobodyHereIsNotLetIn() {
    assertRefused(login(person("oidc-acme", "u-5", "some-other-group")), "LOGIN_FAILED");
    assertRefused(login(person("no/tenant", "u-5", "fleet-ops")), "LOGIN_FAILED");
    assertRefused(login(person("oidc-acme", "key-1", "fleet-ops")), "LOGIN_FAILED");
  }

  @Test
  void theProviderMakesNoMoreUsersThanTheTenantMayHave() {
    page(login(person("oidc-small", "u-1", "fleet-ops")));
    house
        .rest()
        .bearer(house.token("the-fleet", "root", Role.PLATFORM))
        .send("PATCH", "/api/v1/tenants/oidc-small", "{\"maxUsers\":1}");
    assertThat(login(person("oidc-small", "u-2", "fleet-ops")).reason())
        .isEqualTo("QUOTA_EXCEEDED");
    page(login(person("oidc-small", "u-1", "fleet-ops")));
  }

  @Test
  void nobodyBecomesAUserOfTheFleetByBeingCalledSo() {
    house.user("oidc-own", "admin", Role.ADMIN);
    assertRefused(login(person("oidc-own", "admin", "fleet-ops")), "LOGIN_FAILED");
    assertThat(house.login("oidc-own", "admin", House.PASSWORD).status()).isEqualTo(200);
  }

  @Test
  void otherRolesEndTheSessionsThatBeganWithTheOldOnes() {
    Rest before = page(login(person("oidc-acme", "u-6", "fleet-admins")));
    assertThat(before.get("/api/v1/users").status()).isEqualTo(200);
    Rest after = page(login(person("oidc-acme", "u-6", "fleet-ops")));
    House.await(() -> before.get("/api/v1/users").status() == 401);
    assertThat(after.get("/api/v1/users").reason()).isEqualTo("MISSING_SCOPE");
    assertThat(after.get("/api/v1/tasks").status()).isEqualTo(200);
    JsonObject entry =
        house
            .rest()
            .bearer(house.token("oidc-acme", "root", Role.ADMIN))
            .get("/api/v1/audit?action=user.update&target=u-6")
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(entry.getString("actor")).isEqualTo("oidc:" + site.url());
    assertThat(entry.getJsonObject("changes").getJsonObject("roles"))
        .isEqualTo(new JsonObject("{\"before\":[\"admin\"],\"after\":[\"operator\"]}"));
  }

  private Rest.Answer loggedOut(JsonObject claims) {
    return house
        .rest()
        .with("Content-Type", "application/x-www-form-urlencoded")
        .send(
            "POST",
            "/api/v1/auth/oidc/backchannel-logout",
            "other=1&logout_token=" + site.keys().sign("RS256", claims));
  }

  private JsonObject logout() {
    String event = "http://schemas.openid.net/event/backchannel-logout";
    long now = Instant.now().getEpochSecond();
    return new JsonObject()
        .put("iss", site.url())
        .put("aud", OidcSite.CLIENT)
        .put("iat", now)
        .put("exp", now + 120)
        .put("jti", UUID.randomUUID().toString())
        .put("events", new JsonObject().put(event, new JsonObject()));
  }

  private static boolean isIn(Rest page) {
    return page.get("/api/v1/auth/me").status() == 200;
  }

  @Test
  void whoLogsOutAtTheProviderIsLoggedOutHere() {
    Rest one = page(login(person("oidc-out", "u-1", "fleet-ops").put("sid", "s-1")));
    Rest two = page(login(person("oidc-out", "u-1", "fleet-ops").put("sid", "s-2")));
    Rest other = page(login(person("oidc-out", "u-2", "fleet-ops").put("sid", "s-3")));
    JsonObject first = logout().put("sub", "u-1").put("sid", "s-1");
    assertThat(loggedOut(first).status()).isEqualTo(200);
    House.await(() -> !isIn(one));
    assertThat(isIn(two)).isTrue();
    assertThat(loggedOut(logout().put("sub", "u-1")).status()).isEqualTo(200);
    House.await(() -> !isIn(two));
    assertThat(isIn(other)).isTrue();
    Rest again = page(login(person("oidc-out", "u-1", "fleet-ops").put("sid", "s-1")));
    // It has been heard.
    assertThat(loggedOut(first).status()).isEqualTo(200);
    assertThat(isIn(again)).isTrue();
    assertThat(loggedOut(logout().put("sid", "s-3")).status()).isEqualTo(200);
    House.await(() -> !isIn(other));
    JsonObject entry =
        house
            .rest()
            .bearer(house.token("oidc-out", "root", Role.ADMIN))
            .get("/api/v1/audit?action=auth.logout&target=u-2")
            .json()
            .getJsonArray("items")
            .getJsonObject(0);
    assertThat(entry.getString("actor")).isEqualTo("oidc:" + site.url());
  }

  @Test
  void aLogoutThatComesLateEndsNoLoginThatBeganAfterIt() {
    Rest.Answer admitted = login(person("oidc-late", "u-1", "fleet-ops").put("sid", "late-1"));
    Rest page = page(admitted).with("X-CSRF-Token", admitted.cookie(CSRF).split("[=;]", 3)[1]);
    long before = Instant.now().getEpochSecond() - 60;
    assertThat(loggedOut(logout().put("iat", before).put("sub", "u-1")).status()).isEqualTo(200);
    // The store is asked, which knows at once.
    assertThat(page.post("/api/v1/auth/refresh", new JsonObject()).status()).isEqualTo(200);
  }

  @Test
  void nobodyOfASuspendedTenantIsLetInByTheProvider() {
    page(login(person("oidc-unpaid", "u-1", "fleet-ops")));
    Rest root = house.rest().bearer(house.token("the-fleet", "root", Role.PLATFORM));
    root.post("/api/v1/tenants/oidc-unpaid/suspend", new JsonObject());
    assertRefused(login(person("oidc-unpaid", "u-1", "fleet-ops")), "TENANT_SUSPENDED");
    root.post("/api/v1/tenants/oidc-unpaid/resume", new JsonObject());
    page(login(person("oidc-unpaid", "u-1", "fleet-ops")));
  }

  @Test
  void whatIsNoLogoutOfTheProviderEndsNothing() {
    Rest page = page(login(person("oidc-stay", "u-1", "fleet-ops").put("sid", "stay-1")));
    long now = Instant.now().getEpochSecond();
    Map<String, JsonObject> wrong =
        Map.of(
            "another issuer", logout().put("iss", "https://issuer.test"),
            "another client", logout().put("aud", "another-client"),
            "no event", logout().put("events", new JsonObject()),
            "an ID token", logout().put("nonce", "n"),
            "nobody", logout().put("no", "body"),
            "no name", logout().putNull("jti"),
            "no time", logout().putNull("iat"),
            "old", logout().put("iat", now - 3_600),
            "over", logout().put("iat", now - 200).put("exp", now - 100));
    wrong.forEach(
        (what, claims) -> {
          if (!what.equals("nobody")) {
            claims.put("sub", "u-1");
          }
          assertThat(loggedOut(claims).status()).as(what).isEqualTo(400);
        });
    String good = site.keys().sign("RS256", logout().put("sub", "u-1"));
    for (String body :
        List.of("", "logout_token=", "logout_token=" + good.substring(0, good.length() - 8))) {
      Rest.Answer refused = house.rest().send("POST", "/api/v1/auth/oidc/backchannel-logout", body);
      assertThat(refused.status()).as(body).isEqualTo(400);
    }
    assertThat(isIn(page)).isTrue();
  }

  @Test
  void everyWayInOfTheDocumentIsServed() {
    JsonObject paths = house.rest().get("/api/v1/openapi.json").json().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      if (path.startsWith("/auth/")) {
        String verb = paths.getJsonObject(path).fieldNames().iterator().next();
        Rest.Answer answer =
            house.rest().send(verb.toUpperCase(Locale.ROOT), "/api/v1" + path, "{}");
        assertThat(answer.status()).as(path).isNotIn(404, 405, 500);
      }
    }
  }

  @Test
  void whoIsDisabledHereIsNotLetInByTheProvider() {
    page(login(person("oidc-acme", "u-7", "fleet-ops")));
    house
        .rest()
        .bearer(house.token("oidc-acme", "root", Role.ADMIN))
        .post("/api/v1/users/u-7/disable", new JsonObject());
    assertRefused(login(person("oidc-acme", "u-7", "fleet-ops")), "LOGIN_FAILED");
  }

  @Test
  void aLoginLeadsToNoOtherSite() {
    for (String target : List.of("https://evil.example", "//evil.example", "/%5Cevil.example")) {
      Rest.Answer admitted = comeBack(goThere(person("oidc-acme", "u-8", "fleet-ops"), target));
      assertThat(admitted.body()).contains("url=/\"").doesNotContain("evil");
    }
  }

  private static void assertRefused(Rest.Answer answer, String reason) {
    assertThat(answer.status()).as(answer.body()).isIn(401, 403);
    assertThat(answer.reason()).isEqualTo(reason);
  }
}
