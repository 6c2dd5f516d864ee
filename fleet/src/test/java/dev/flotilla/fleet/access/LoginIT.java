package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Users log in, go on, and log out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginIT {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/auth", "/api/v1/auth"})
  void aUserLogsInGoesOnAndLogsOut(String group) {
    String tenant = "t" + group.length();
    house.user(tenant, "alice", Role.OPERATOR);
    Rest rest = house.rest();
    JsonObject login =
        rest.post(
                group + "/login",
                new JsonObject()
                    .put("username", "alice")
                    .put("password", House.PASSWORD)
                    .put("tenant", tenant))
            .json();
    assertThat(login.getString("access_token")).isNotBlank();
    assertThat(login.getString("refresh_token")).isNotBlank();
    assertThat(login.getInteger("expires_in")).isEqualTo(900);
    JsonObject me = rest.bearer(login.getString("access_token")).get(group + "/me").json();
    assertThat(me.getString("username")).isEqualTo("alice");
    assertThat(me.getString("tenant_id")).isEqualTo(tenant);
    assertThat(me.getJsonArray("roles")).containsExactly("operator");
    JsonObject next = rest.post(group + "/refresh", refresh(login)).json();
    assertThat(next.getBoolean("success")).isTrue();
    Rest renewed = rest.bearer(next.getString("access_token"));
    assertThat(renewed.get("/api/v1/tasks").status()).isEqualTo(200);
    assertThat(renewed.post(group + "/logout", new JsonObject()).json().getBoolean("success"))
        .isTrue();
    assertRefused(rest.post(group + "/refresh", refresh(next)), "SESSION_OVER");
  }

  @Test
  void theDefaultTenantNeedsNoName() {
    house.user("default", "dora", Role.VIEWER);
    Rest.Answer answer =
        house
            .rest()
            .post(
                "/api/auth/login",
                new JsonObject().put("email", "dora").put("password", House.PASSWORD));
    assertThat(answer.json().getJsonObject("user").getString("tenant_id")).isEqualTo("default");
  }

  @Test
  void theRefusalDoesNotSayWhatWasWrong() {
    house.user("discreet", "alice", Role.OPERATOR);
    Set<String> told = new HashSet<>();
    for (Rest.Answer refused :
        List.of(
            house.login("discreet", "alice", "not the password"),
            house.login("discreet", "nobody", House.PASSWORD),
            house.login("elsewhere", "alice", House.PASSWORD),
            house.login("discreet", "no/such:id", House.PASSWORD))) {
      assertRefused(refused, "LOGIN_FAILED");
      JsonObject problem = refused.json();
      problem.remove("correlationId");
      told.add(problem.encode());
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void aUserWithoutAPasswordCannotLogIn() {
    Rest.Answer made =
        house
            .rest()
            .bearer(house.token("plain", "root", Role.ADMIN))
            .post("/api/v1/users", new JsonObject("{\"id\":\"bot\",\"roles\":[\"viewer\"]}"));
    assertThat(made.status()).isEqualTo(201);
    assertRefused(house.login("plain", "bot", House.PASSWORD), "LOGIN_FAILED");
    assertRefused(house.login("plain", "bot", "null"), "LOGIN_FAILED");
  }

  @Test
  void theStoreHoldsHashesOnly() {
    house.user("stored", "alice", Role.OPERATOR);
    JsonObject login = house.login("stored", "alice");
    String users = dump("users") + dump("idempotency_keys") + dump("audit_log");
    assertThat(users).contains("$argon2id$v=19$m=19456,t=2,p=1$").doesNotContain(House.PASSWORD);
    assertThat(dump("refresh_tokens") + dump("auth_sessions"))
        .doesNotContain(login.getString("refresh_token"));
  }

  @Test
  void theSameKeyWithAnotherPasswordIsAnotherRequest() {
    Rest admin =
        house.rest().bearer(house.token("twice", "root", Role.ADMIN)).with("Idempotency-Key", "k");
    JsonObject user = new JsonObject("{\"id\":\"alice\",\"roles\":[\"viewer\"]}");
    JsonObject first = user.copy().put("password", House.PASSWORD);
    assertThat(admin.post("/api/v1/users", first).status()).isEqualTo(201);
    assertThat(admin.post("/api/v1/users", first).status()).isEqualTo(201);
    assertRefused(
        admin.post("/api/v1/users", user.copy().put("password", "not the same one")),
        "IDEMPOTENCY_MISMATCH");
    assertThat(house.login("twice", "alice", House.PASSWORD).status()).isEqualTo(200);
  }

  private String dump(String table) {
    StringBuilder all = new StringBuilder();
    house
        .stores
        .postgres()
        .query("select row_to_json(t)::text as row from " + table + " t")
        .execute()
        .await()
        .forEach(row -> all.append(row.getString("row")));
    return all.toString();
  }

  @Test
  void aRefreshTokenThatComesAgainEndsTheWholeFamily() {
    house.user("stolen", "alice", Role.OPERATOR);
    JsonObject login = house.login("stolen", "alice");
    JsonObject other = house.login("stolen", "alice");
    Rest rest = house.rest();
    JsonObject second = rest.post("/api/v1/auth/refresh", refresh(login)).json();
    assertRefused(rest.post("/api/v1/auth/refresh", refresh(login)), "SESSION_OVER");
    assertRefused(rest.post("/api/v1/auth/refresh", refresh(second)), "SESSION_OVER");
    House.await(
        () -> rest.bearer(second.getString("access_token")).get("/api/v1/auth/me").status() == 401);
    assertRefused(
        rest.bearer(login.getString("access_token")).get("/api/v1/tasks"), "TOKEN_REVOKED");
    assertThat(rest.post("/api/v1/auth/refresh", refresh(other)).status()).isEqualTo(200);
  }

  @Test
  void ofManyThatBringTheSameRefreshTokenOneIsServed() throws Exception {
    house.user("raced", "alice", Role.OPERATOR);
    JsonObject login = house.login("raced", "alice");
    Callable<Integer> attempt =
        () -> house.rest().post("/api/v1/auth/refresh", refresh(login)).status();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Integer> answers = new java.util.ArrayList<>();
      for (var done : threads.invokeAll(java.util.Collections.nCopies(5, attempt))) {
        answers.add(done.get());
      }
      assertThat(answers).containsExactlyInAnyOrder(200, 401, 401, 401, 401);
    }
  }

  @Test
  void aRefreshTokenThatNobodyIssuedIsRefused() {
    Rest rest = house.rest();
    assertRefused(
        rest.post("/api/v1/auth/refresh", new JsonObject().put("refresh_token", "made up")),
        "SESSION_OVER");
    assertRefused(rest.post("/api/v1/auth/refresh", new JsonObject()), "TOKEN_MISSING");
  }

  @Test
  void aDisabledUserIsLetInNoMoreAndAnEnabledOneIs() {
    house.user("closed", "alice", Role.OPERATOR);
    JsonObject login = house.login("closed", "alice");
    Rest admin = house.rest().bearer(house.token("closed", "root", Role.ADMIN));
    assertThat(admin.post("/api/v1/users/alice/disable", new JsonObject()).status()).isEqualTo(200);
    assertRefused(house.login("closed", "alice", House.PASSWORD), "LOGIN_FAILED");
    assertRefused(house.rest().post("/api/v1/auth/refresh", refresh(login)), "SESSION_OVER");
    admin.post("/api/v1/users/alice", new JsonObject().put("enabled", true));
    JsonObject again = house.login("closed", "alice");
    House.await(
        () ->
            house.rest().bearer(again.getString("access_token")).get("/api/v1/auth/me").status()
                == 200);
  }

  @Test
  void aNewPasswordEndsTheSessionsOfTheOldOne() {
    house.user("changed", "alice", Role.OPERATOR);
    JsonObject login = house.login("changed", "alice");
    Rest admin = house.rest().bearer(house.token("changed", "root", Role.ADMIN));
    admin.post("/api/v1/users/alice", new JsonObject().put("password", "another one, longer"));
    assertRefused(house.rest().post("/api/v1/auth/refresh", refresh(login)), "SESSION_OVER");
    assertRefused(house.login("changed", "alice", House.PASSWORD), "LOGIN_FAILED");
    assertThat(house.login("changed", "alice", "another one, longer").status()).isEqualTo(200);
  }

  @Test
  void nobodyGrantsMoreThanTheyMayThemselves() {
    Rest admin = house.rest().bearer(house.token("modest", "root", Role.ADMIN));
    assertRefused(
        admin.post("/api/v1/users", new JsonObject("{\"id\":\"x\",\"roles\":[\"platform\"]}")),
        "MISSING_SCOPE");
    assertRefused(
        admin.post(
            "/api/v1/users",
            new JsonObject("{\"id\":\"x\",\"roles\":[\"viewer\"],\"tenant\":\"other\"}")),
        "MISSING_SCOPE");
    house.user("modest", "me", Role.ADMIN);
    assertRefused(
        admin.post("/api/v1/users/me", new JsonObject("{\"roles\":[\"platform\"]}")),
        "MISSING_SCOPE");
    house.user("modest", "boss", Role.PLATFORM);
    assertRefused(
        admin.post(
            "/api/v1/users/boss", new JsonObject().put("password", "mine now, and long enough")),
        "MISSING_SCOPE");
    assertThat(house.login("modest", "boss", House.PASSWORD).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{}",
        "{\"username\":\"a\"}",
        "{\"username\":1,\"password\":\"x\"}",
        "{\"username\":\"a\",\"password\":\"x\",\"tenant\":\"a/b\"}",
        "{\"username\":\"a\",\"password\":\"x\",\"cookie\":\"yes\"}",
        "{\"password\":\"x\"}"
      })
  void aLoginThatCannotBeUnderstoodIsRefused(String body) {
    Rest.Answer answer = house.rest().send("POST", "/api/v1/auth/login", body);
    assertThat(answer.status()).isEqualTo(400);
  }

  private static JsonObject refresh(JsonObject tokens) {
    return new JsonObject().put("refresh_token", tokens.getString("refresh_token"));
  }

  private static void assertRefused(Rest.Answer answer, String reason) {
    assertThat(answer.reason()).as(answer.body()).isEqualTo(reason);
  }
}
