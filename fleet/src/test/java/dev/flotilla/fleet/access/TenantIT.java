package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.fleet.users.TenantExportClient;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Tenants as a whole: made, changed, kept out, let in, read and deleted.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TenantIT {
  private static final JsonObject NOTHING = new JsonObject();

  private final House house =
      House.open(
          Map.of(
              "FLOTILLA_GATEWAY_AUTH_TOKEN", "a-static-token-of-guests",
              "FLOTILLA_GATEWAY_GUEST_TENANT", "guests"));

  private final Rest root = house.rest().bearer(house.token("the-fleet", "root", Role.PLATFORM));

  @AfterAll
  void close() {
    house.close();
  }

  private JsonObject make(String id) {
    Rest.Answer made = root.post("/api/v1/tenants", new JsonObject().put("id", id));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.json();
  }

  private Rest.Answer tell(String id, String what) {
    return root.post("/api/v1/tenants/" + id + "/" + what, NOTHING);
  }

  @Test
  void aTenantIsMadeChangedAndListed() {
    JsonObject made = make("made");
    assertThat(made.getString("state")).isEqualTo("active");
    assertThat(root.post("/api/v1/tenants", new JsonObject().put("id", "made")).reason())
        .isEqualTo("ALREADY_EXISTS");
    JsonObject change =
        new JsonObject().put("name", "Made Inc.").put("maxUsers", 5).put("revision", 1);
    JsonObject changed = root.send("PATCH", "/api/v1/tenants/made", change.encode()).json();
    assertThat(changed.getString("name")).isEqualTo("Made Inc.");
    assertThat(changed.getInteger("maxUsers")).isEqualTo(5);
    assertThat(root.send("PATCH", "/api/v1/tenants/made", change.encode()).reason())
        .isEqualTo("STALE_REVISION");
    assertThat(root.get("/api/v1/tenants/made").json()).isEqualTo(changed);
    assertThat(root.get("/api/v1/tenants?limit=1&after=madd").json().getJsonArray("items"))
        .containsExactly(changed);
    assertThat(root.get("/api/v1/tenants/never-made").reason()).isEqualTo("NOT_FOUND");
  }

  @Test
  void onlyWhoActsForTheFleetMayAskAboutTenants() {
    make("curious");
    Rest admin = house.rest().bearer(house.token("curious", "root", Role.ADMIN));
    assertThat(admin.get("/api/v1/tenants").reason()).isEqualTo("MISSING_SCOPE");
    assertThat(admin.get("/api/v1/tenants/curious").reason()).isEqualTo("MISSING_SCOPE");
    assertThat(admin.post("/api/v1/tenants/curious/suspend", NOTHING).reason())
        .isEqualTo("MISSING_SCOPE");
  }

  @Test
  void aSuspendedTenantIsKeptOutEverywhereUntilItIsResumed() {
    house.user("unpaid", "alice", Role.OPERATOR);
    JsonObject login = house.login("unpaid", "alice");
    String access = login.getString("access_token");
    String key =
        house
            .rest()
            .bearer(house.token("unpaid", "root", Role.ADMIN))
            .post(
                "/api/v1/api-keys",
                new JsonObject("{\"name\":\"x\",\"scopes\":[\"tasks.read\",\"events.read\"]}"))
            .json()
            .getString("key");
    String alone = house.token("unpaid", "stranger", Role.OPERATOR);
    List<Socket> sockets = new ArrayList<>();
    for (int port : List.of(house.port(), house.deafGateway())) {
      for (String bearer : List.of(access, key, alone)) {
        Socket socket = Socket.open(house, port, "/api/dashboard/ws/dashboard", bearer);
        socket.awaitHeard("dashboard_initialized");
        sockets.add(socket);
      }
    }
    Socket other =
        Socket.open(
            house,
            house.port(),
            "/api/dashboard/ws/dashboard",
            house.token("paid", "bob", Role.OPERATOR));
    other.awaitHeard("dashboard_initialized");
    assertThat(tell("unpaid", "suspend").json().getString("state")).isEqualTo("suspended");
    sockets.forEach(socket -> assertThat(socket.awaitClosed()).isEqualTo(4403));
    for (int port : List.of(house.port(), house.deafGateway())) {
      for (String bearer : List.of(access, key, alone)) {
        Rest.Answer refused = new Rest(port).bearer(bearer).get("/api/v1/tasks");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.reason()).isEqualTo("TENANT_SUSPENDED");
      }
    }
    assertThat(house.login("unpaid", "alice", House.PASSWORD).reason())
        .isEqualTo("TENANT_SUSPENDED");
    assertThat(house.login("unpaid", "alice", "not the password").reason())
        .isEqualTo("LOGIN_FAILED");
    assertThat(refresh(login).reason()).isEqualTo("TENANT_SUSPENDED");
    assertThat(other.closed()).isZero();
    other.close();
    tell("unpaid", "resume");
    House.await(() -> house.rest().bearer(access).get("/api/v1/tasks").status() == 200);
    assertThat(house.rest().bearer(key).get("/api/v1/tasks").status()).isEqualTo(200);
    assertThat(refresh(login).status()).isEqualTo(200);
  }

  @Test
  void guestsOfASuspendedTenantAreKeptOutToo() {
    house.user("guests", "host", Role.ADMIN);
    Socket guest =
        Socket.open(house, house.port(), "/api/dashboard/ws/dashboard", "a-static-token-of-guests");
    guest.awaitHeard("dashboard_initialized");
    tell("guests", "suspend");
    assertThat(guest.awaitClosed()).isEqualTo(4403);
    Socket again =
        Socket.open(house, house.port(), "/api/dashboard/ws/dashboard", "a-static-token-of-guests");
    assertThat(again.awaitClosed()).isEqualTo(4403);
    tell("guests", "resume");
  }

  @Test
  void nobodySuspendsOrDeletesTheTenantThatTheyActIn() {
    make("the-fleet");
    assertThat(tell("the-fleet", "suspend").reason()).isEqualTo("INVALID_FIELD");
    assertThat(delete("the-fleet", "the-fleet").reason()).isEqualTo("INVALID_FIELD");
  }

  private void sql(String statement) {
    house.stores.postgres().query(statement).execute().await();
  }

  private Rest.Answer delete(String id, String confirm) {
    return root.post("/api/v1/tenants/" + id + "/delete", new JsonObject().put("confirm", confirm));
  }

  @Test
  void aTenantThatIsDeletedLeavesNothingAndItsTokensStayDead() throws Exception {
    Victim victim = Victim.in(house);
    // One that cannot be deleted comes first, and keeps nobody.
    make("held");
    sql("create table holds (owner text references tenants (id))");
    sql("insert into holds values ('held')");
    tell("held", "suspend");
    delete("held", "held");
    String old = house.token(victim.tenant(), "alice", Role.OPERATOR);
    assertThat(delete(victim.tenant(), victim.tenant()).reason()).isEqualTo("WRONG_STATE");
    tell(victim.tenant(), "suspend");
    assertThat(delete(victim.tenant(), "another").reason()).isEqualTo("INVALID_FIELD");
    exportHoldsEverythingButSecrets(victim);
    Rest.Answer deleting = delete(victim.tenant(), victim.tenant());
    assertThat(deleting.status()).as(deleting.body()).isEqualTo(202);
    assertThat(deleting.json().getString("state")).isEqualTo("deleting");
    House.await(() -> root.get("/api/v1/tenants/" + victim.tenant()).status() == 404);
    assertThat(root.get("/api/v1/tenants/held").json().getString("state")).isEqualTo("deleting");
    assertThat(tell("held", "resume").reason()).isEqualTo("WRONG_STATE");
    sql("drop table holds");
    for (String table : tablesWithATenant()) {
      assertThat(rows(table, victim.tenant())).as(table).isEmpty();
    }
    assertThat(house.rest().bearer(old).get("/api/v1/tasks").status()).isEqualTo(403);
    make(victim.tenant());
    House.await(
        () ->
            house
                    .rest()
                    .bearer(house.token(victim.tenant(), "alice", Role.OPERATOR))
                    .get("/api/v1/tasks")
                    .status()
                == 200);
    assertThat(house.rest().bearer(old).get("/api/v1/tasks").reason()).isEqualTo("TOKEN_REVOKED");
  }

  private void exportHoldsEverythingButSecrets(Victim victim) throws Exception {
    List<String> lines = new ArrayList<>();
    new TenantExportClient(URI.create("http://127.0.0.1:" + house.port()), house.config.identity())
        .read(new TenantId(victim.tenant()), lines::add);
    TreeSet<String> tables = new TreeSet<>();
    StringBuilder all = new StringBuilder();
    String cursor = "";
    do {
      JsonObject page =
          root.get("/api/v1/tenants/" + victim.tenant() + "/export?limit=1" + cursor).json();
      page.getJsonArray("items").stream()
          .map(JsonObject.class::cast)
          .forEach(
              item -> {
                tables.add(item.getString("table"));
                all.append(item.encode()).append('\n');
              });
      String next = page.getString("nextCursor");
      cursor = next == null ? null : "&cursor=" + next;
    } while (cursor != null);
    assertThat(tables)
        .contains("users", "tasks", "schedules", "instances", "webhooks", "api_keys", "activity");
    assertThat(all.toString())
        .contains(victim.task(), victim.schedule(), victim.webhook(), victim.onlyUser())
        .doesNotContain("argon2", "-secret-of-a-hook", "credential\"", "\"hash\"");
    assertThat(lines).map(line -> new JsonObject(line).getString("table")).containsAll(tables);
    assertThat(all.toString().lines().distinct().count()).isEqualTo(all.toString().lines().count());
    for (String bad :
        List.of(
            "x",
            "e30",
            "eyJ0YWJsZSI6ImFjdGl2aXR5IiwiYWZ0ZXIiOnsidGVuYW50IjoiYSIsInNlcSI6IngifX0",
            "eyJ0YWJsZSI6InRlbmFudHMifQ")) {
      assertThat(root.get("/api/v1/tenants/" + victim.tenant() + "/export?cursor=" + bad).status())
          .isEqualTo(400);
    }
  }

  private List<String> tablesWithATenant() {
    List<String> tables = new ArrayList<>();
    house
        .stores
        .postgres()
        .query(
            "select table_name as name from information_schema.columns"
                + " where table_schema = 'public' and column_name = 'tenant'")
        .execute()
        .await()
        .forEach(row -> tables.add(row.getString("name")));
    return tables;
  }

  /// But for what keeps its tokens dead.
  private List<String> rows(String table, String tenant) {
    List<String> rows = new ArrayList<>();
    String kept = table.equals("revocations") ? " and kind <> 'tenant'" : "";
    house
        .stores
        .postgres()
        .preparedQuery(
            "select row_to_json(t)::text as row from " + table + " t where tenant = $1" + kept)
        .execute(io.vertx.sqlclient.Tuple.of(tenant))
        .await()
        .forEach(row -> rows.add(row.getString("row")));
    return rows;
  }

  private Rest.Answer refresh(JsonObject tokens) {
    return house
        .rest()
        .post(
            "/api/v1/auth/refresh",
            new JsonObject().put("refresh_token", tokens.getString("refresh_token")));
  }
}
