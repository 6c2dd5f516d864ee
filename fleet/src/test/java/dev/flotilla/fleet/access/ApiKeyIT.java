package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys of machines.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiKeyIT {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  private Rest admin(String tenant) {
    return house.rest().bearer(house.token(tenant, "root", Role.ADMIN));
  }

  private JsonObject create(Rest by, String... scopes) {
    Rest.Answer made = by.post("/api/v1/api-keys", body(scopes));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json();
  }

  private static JsonObject body(String... scopes) {
    return new JsonObject().put("name", "bot").put("scopes", new JsonArray(List.of(scopes)));
  }

  @Test
  void aKeyMayWhatItsScopesSayAndNoMore() {
    JsonObject made = create(admin("scoped"), "tasks.read");
    Rest bot = house.rest().bearer(made.getString("key"));
    assertThat(bot.get("/api/v1/tasks").status()).isEqualTo(200);
    assertThat(bot.post("/api/v1/tasks", new JsonObject().put("prompt", "x")).reason())
        .isEqualTo("MISSING_SCOPE");
    JsonObject me = bot.get("/api/auth/me").json();
    assertThat(me.getString("id")).isEqualTo("key-" + made.getString("id"));
    assertThat(me.getString("tenant_id")).isEqualTo("scoped");
    assertThat(me.getString("proof")).isEqualTo("key:" + made.getString("id"));
    assertThat(me.getJsonArray("scopes")).containsExactly("tasks.read");
  }

  @Test
  void aKeyGivesNoOtherKeyMoreThanItHas() {
    Rest narrow =
        house.rest().bearer(create(admin("narrow"), "keys.manage", "tasks.read").getString("key"));
    assertThat(narrow.post("/api/v1/api-keys", body("tasks.read")).status()).isEqualTo(201);
    assertThat(narrow.post("/api/v1/api-keys", body("tasks.write")).reason())
        .isEqualTo("MISSING_SCOPE");
    assertThat(narrow.post("/api/v1/api-keys", body("tasks.read", "users.manage")).reason())
        .isEqualTo("MISSING_SCOPE");
  }

  @Test
  void nobodyGivesAKeyMoreThanTheyHave() {
    assertThat(admin("giving").post("/api/v1/api-keys", body("fleet.admin")).reason())
        .isEqualTo("MISSING_SCOPE");
    Rest operator = house.rest().bearer(house.token("giving", "bob", Role.OPERATOR));
    assertThat(operator.post("/api/v1/api-keys", body("tasks.read")).reason())
        .isEqualTo("MISSING_SCOPE");
  }

  @Test
  void theKeyIsShownOnceAndStoredNowhere() {
    Rest admin = admin("hashed").with("Idempotency-Key", "one-key");
    String key = create(admin, "tasks.read").getString("key");
    JsonObject again = create(admin, "tasks.read");
    assertThat(again.containsKey("key")).isFalse();
    String stored = dump("api_keys") + dump("idempotency_keys") + dump("audit_log");
    assertThat(stored).contains(again.getString("id")).doesNotContain(key);
    assertThat(stored).doesNotContain(key.substring(key.length() - 43));
    assertThat(admin("hashed").get("/api/v1/api-keys").body()).doesNotContain(key);
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
  void itsLastUseIsNoted() {
    String key = create(admin("noted"), "tasks.read").getString("key");
    house.rest().bearer(key).get("/api/v1/tasks");
    House.await(
        () ->
            admin("noted")
                    .get("/api/v1/api-keys")
                    .json()
                    .getJsonArray("items")
                    .getJsonObject(0)
                    .getLong("lastUsedAt")
                != null);
  }

  @Test
  void aKeyThatIsOverIsRefused() {
    String key = create(admin("over"), "tasks.read").getString("key");
    house
        .stores
        .postgres()
        .query("update api_keys set expires_at = now() - interval '1 second' where tenant = 'over'")
        .execute()
        .await();
    assertThat(house.rest().bearer(key).get("/api/v1/tasks").reason()).isEqualTo("TOKEN_INVALID");
    Rest.Answer past =
        admin("over").post("/api/v1/api-keys", body("tasks.read").put("expiresAt", 1_000_000));
    assertThat(past.reason()).isEqualTo("INVALID_FIELD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"flk_", "flk_0199a6f0", "flk_zz", "FLK_x"})
  void whatIsNoKeyIsRefused(String key) {
    assertThat(house.rest().bearer(key).get("/api/v1/tasks").reason()).isEqualTo("TOKEN_INVALID");
  }

  @Test
  void theSecretOfAnotherKeyDoesNotCount() {
    String one = create(admin("mixed"), "tasks.read").getString("key");
    String other = create(admin("mixed"), "tasks.read").getString("key");
    String mixed = one.substring(0, one.length() - 43) + other.substring(other.length() - 43);
    assertThat(house.rest().bearer(mixed).get("/api/v1/tasks").reason()).isEqualTo("TOKEN_INVALID");
  }

  @Test
  void aKeyBuysATicket() {
    String key = create(admin("ticketed"), "tasks.read", "events.read").getString("key");
    Rest.Answer ticket = house.rest().bearer(key).post("/api/v1/auth/ticket", new JsonObject());
    assertThat(ticket.status()).isEqualTo(201);
    Socket socket =
        Socket.open(
            house,
            new io.vertx.core.http.WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(house.port())
                .setURI("/api/dashboard/ws/dashboard?ticket=" + ticket.json().getString("ticket")));
    socket.awaitHeard("dashboard_initialized");
    socket.close();
  }
}
