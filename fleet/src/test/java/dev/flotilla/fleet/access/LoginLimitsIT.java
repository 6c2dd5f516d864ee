package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// How many logins there may be, and what it takes to end many at once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoginLimitsIT {
  private static final int MANY = 5_000;

  private final House house = House.open(Map.of("FLOTILLA_ACCOUNTS_MAX_SESSIONS", "3"));

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void theOldestLoginEndsWhereThereWouldBeTooMany() {
    house.user("capped", "alice", Role.OPERATOR);
    house.user("capped", "bob", Role.OPERATOR);
    JsonObject bobs = house.login("capped", "bob");
    List<JsonObject> logins = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      logins.add(house.login("capped", "alice"));
    }
    JsonObject oldest = logins.removeFirst();
    assertThat(refresh(oldest).reason()).isEqualTo("SESSION_OVER");
    House.await(
        () -> {
          Rest first = house.rest().bearer(oldest.getString("access_token"));
          return first.get("/api/v1/auth/me").status() == 401;
        });
    logins.forEach(login -> assertThat(refresh(login).status()).isEqualTo(200));
    assertThat(refresh(bobs).status()).isEqualTo(200);
  }

  @Test
  void thousandsOfLoginsEndTogether() {
    house.user("crowded", "alice", Role.OPERATOR);
    JsonObject login = house.login("crowded", "alice");
    run(
        """
        insert into auth_sessions (id, tenant, user_id, created_at, used_at, expires_at)
        select gen_random_uuid()::text, 'crowded', 'alice', now(), now(), now() + interval '1 day'
        from generate_series(1, $1)
        """,
        MANY);
    Rest admin = house.rest().bearer(house.token("crowded", "root", Role.ADMIN));
    Rest.Answer revoked = admin.post("/api/v1/users/alice/revoke", new JsonObject());
    assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);
    assertThat(revoked.json().getInteger("sessions")).isEqualTo(MANY + 1);
    assertThat(refresh(login).reason()).isEqualTo("SESSION_OVER");
    House.await(
        () ->
            house.rest().bearer(login.getString("access_token")).get("/api/v1/auth/me").status()
                == 401);
    // Versions have no holes: a gateway that has read up to one has missed nothing.
    assertThat(
            run("select count(distinct version) = max(version) as dense from revocations")
                .getFirst())
        .contains("true");
    assertThat(
            run("select (select max(version) from revocations) = version as head from"
                    + " revocation_head")
                .getFirst())
        .contains("true");
  }

  @Test
  void refreshesThatAreGoodAreNoTries() {
    // All tests come from the same address.
    try (House strict = House.open(Map.of("FLOTILLA_ACCOUNTS_ADDRESS_ATTEMPTS", "20"))) {
      strict.user("refreshing", "alice", Role.OPERATOR);
      JsonObject tokens = strict.login("refreshing", "alice");
      for (int i = 0; i < 40; i++) {
        Rest.Answer next = refresh(strict, tokens);
        assertThat(next.status()).as(next.body()).isEqualTo(200);
        tokens = next.json();
      }
      JsonObject bad = new JsonObject().put("refresh_token", "made up");
      House.await(() -> refresh(strict, bad).status() == 429);
    }
  }

  @Test
  void nobodyEndsTheLoginOfSomebodyWhoMayDoMore() {
    house.user("modest", "boss", Role.PLATFORM);
    JsonObject login = house.login("modest", "boss");
    Rest boss = house.rest().bearer(login.getString("access_token"));
    String session = boss.get("/api/v1/auth/me").json().getString("proof").replace("session:", "");
    Rest admin = house.rest().bearer(house.token("modest", "root", Role.ADMIN));
    assertThat(admin.delete("/api/v1/logins/" + session).reason()).isEqualTo("MISSING_SCOPE");
    assertThat(refresh(login).status()).isEqualTo(200);
  }

  @Test
  void idsOfKeysAreNobodysName() {
    Rest admin = house.rest().bearer(house.token("named", "root", Role.ADMIN));
    JsonObject user = new JsonObject("{\"id\":\"key-1\",\"roles\":[\"viewer\"]}");
    assertThat(admin.post("/api/v1/users", user).status()).isEqualTo(400);
    assertThat(admin.post("/api/v1/users/key-1/revoke", new JsonObject()).status()).isEqualTo(400);
    String token = house.token("named", "key-1", Role.OPERATOR);
    assertThat(house.rest().bearer(token).get("/api/v1/tasks").reason()).isEqualTo("TOKEN_INVALID");
  }

  /// The log of changes cannot be written while this runs: an answer that waited for it, because
  /// there is such a user, would not come.
  @Test
  void aRefusalWaitsForNothingThatOnlyUsersHave() {
    house.user("timed", "alice", Role.OPERATOR);
    var lock = house.stores.postgres().getConnection().await();
    var held = lock.begin().await();
    lock.query("lock table audit_log in access exclusive mode").execute().await();
    for (String name : List.of("nobody", "alice")) {
      assertThat(house.login("timed", name, "a wrong password").reason()).isEqualTo("LOGIN_FAILED");
    }
    held.commit().await();
    lock.close();
    House.await(
        () ->
            run(
                    "select count(*) as n from audit_log where tenant = 'timed' and outcome = $1",
                    "LOGIN_FAILED")
                .getFirst()
                .contains("1"));
  }

  private Rest.Answer refresh(JsonObject tokens) {
    return refresh(house, tokens);
  }

  private static Rest.Answer refresh(House where, JsonObject tokens) {
    return where
        .rest()
        .post(
            "/api/v1/auth/refresh",
            new JsonObject().put("refresh_token", tokens.getString("refresh_token")));
  }

  private List<String> run(String sql, Object... arguments) {
    List<String> rows = new ArrayList<>();
    house
        .stores
        .postgres()
        .preparedQuery(sql)
        .execute(Tuple.wrap(arguments))
        .await()
        .forEach(row -> rows.add(row.toJson().encode()));
    return rows;
  }
}
