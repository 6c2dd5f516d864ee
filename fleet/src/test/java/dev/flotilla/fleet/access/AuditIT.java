package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.fleet.audit.AuditExport;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who changed what, and what came of it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditIT {
  private final House house = House.open();

  @AfterAll
  void close() {
    house.close();
  }

  private Rest by(String tenant, String user, Role role) {
    return house.rest().bearer(house.token(tenant, user, role));
  }

  private List<JsonObject> entries(String tenant, String query) {
    return by(tenant, "root", Role.ADMIN)
        .get("/api/v1/audit" + query)
        .json()
        .getJsonArray("items")
        .stream()
        .map(JsonObject.class::cast)
        .toList();
  }

  @Test
  void everyChangeIsWrittenDownWithItsActorAndOutcome() {
    Rest alice = by("audited", "alice", Role.OPERATOR).with("X-Correlation-Id", "corr-1");
    JsonObject task =
        alice
            .post(
                "/api/v1/tasks",
                new JsonObject("{\"prompt\":\"secret plan\",\"priority\":\"high\"}"))
            .json();
    alice.post("/api/v1/tasks/" + task.getString("id") + "/cancel", new JsonObject());
    alice.post("/api/v1/tasks/no-such/cancel", new JsonObject());
    List<JsonObject> entries = entries("audited", "");
    assertThat(entries)
        .extracting(entry -> entry.getString("action") + " " + entry.getString("outcome"))
        .containsExactly("task.cancel NOT_FOUND", "task.cancel OK", "task.create OK");
    JsonObject created = entries.getLast();
    assertThat(created.getString("actor")).isEqualTo("alice");
    assertThat(created.getString("target")).isEqualTo(task.getString("id"));
    assertThat(created.getString("proof")).isEqualTo("token");
    assertThat(created.getString("correlationId")).isEqualTo("corr-1");
    assertThat(created.getJsonObject("fields").getString("priority")).isEqualTo("high");
    assertThat(created.encode()).doesNotContain("secret plan");
  }

  @Test
  void aChangeOfSettingsTellsBeforeAndAfter() {
    Rest admin = by("changed", "root", Role.ADMIN);
    admin.post(
        "/api/v1/schedules",
        new JsonObject(
            "{\"id\":\"nightly\",\"cron\":\"0 2 * * *\",\"task\":{\"prompt\":\"first words\"}}"));
    Rest.Answer changed =
        admin
            .with("If-Match", "\"1\"")
            .send(
                "POST",
                "/api/v1/schedules/nightly",
                "{\"cron\":\"0 3 * * *\",\"task\":{\"prompt\":\"other words\"}}");
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    Rest.Answer stale =
        admin
            .with("If-Match", "\"1\"")
            .send("POST", "/api/v1/schedules/nightly", "{\"cron\":\"0 4 * * *\"}");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.reason()).isEqualTo("PRECONDITION_FAILED");
    JsonObject entry =
        entries("changed", "?action=schedule.update").stream()
            .filter(each -> each.getString("outcome").equals("OK"))
            .findFirst()
            .orElseThrow();
    JsonObject changes = entry.getJsonObject("changes");
    assertThat(changes.getJsonObject("cron"))
        .isEqualTo(new JsonObject("{\"before\":\"0 2 * * *\",\"after\":\"0 3 * * *\"}"));
    assertThat(changes.getJsonObject("revision").getInteger("after")).isEqualTo(2);
    assertThat(entry.encode()).doesNotContain("words");
  }

  /// The newest change of that name that went well.
  private JsonObject changes(String tenant, String action) {
    return entries(tenant, "?action=" + action).stream()
        .filter(each -> each.getString("outcome").equals("OK"))
        .findFirst()
        .orElseThrow()
        .getJsonObject("changes");
  }

  /// What was or is not there is left out.
  private static JsonObject change(@Nullable Object before, @Nullable Object after) {
    JsonObject change = new JsonObject();
    if (before != null) {
      change.put("before", before);
    }
    return after == null ? change : change.put("after", after);
  }

  @Test
  void aChangeOfAUserTellsBeforeAndAfterAndNoPassword() {
    house.user("users-changed", "alice", Role.OPERATOR);
    Rest admin = by("users-changed", "root", Role.ADMIN);
    assertThat(changes("users-changed", "user.create").getJsonObject("roles"))
        .isEqualTo(change(null, new JsonArray().add("operator")));
    Rest.Answer read = admin.get("/api/v1/users/alice");
    assertThat(read.json().getLong("revision")).isEqualTo(1);
    JsonObject wish =
        new JsonObject()
            .put("roles", new JsonArray().add("viewer"))
            .put("password", "another horse battery");
    Rest.Answer changed = admin.with("If-Match", "\"1\"").post("/api/v1/users/alice", wish);
    assertThat(changed.status()).as(changed.body()).isEqualTo(200);
    assertThat(changed.json().getLong("revision")).isEqualTo(2);
    Rest.Answer stale = admin.with("If-Match", "\"1\"").post("/api/v1/users/alice", wish);
    assertThat(stale.status()).isEqualTo(412);
    JsonObject told = changes("users-changed", "user.update");
    assertThat(told.getJsonObject("roles"))
        .isEqualTo(change(new JsonArray().add("operator"), new JsonArray().add("viewer")));
    assertThat(told.getJsonObject("passwordHash")).isEqualTo(change("***", "***"));
    assertThat(told.encode()).doesNotContain("horse").doesNotContain("argon");
  }

  @Test
  void aChangeOfATenantTellsItsQuotas() {
    Rest root = by("the-fleet", "root", Role.PLATFORM);
    root.post("/api/v1/tenants", new JsonObject().put("id", "quotas-changed"));
    root.send("PATCH", "/api/v1/tenants/quotas-changed", "{\"maxUsers\":3,\"maxApiKeys\":4}");
    JsonObject told = changes("the-fleet", "tenant.update");
    assertThat(told.getJsonObject("maxUsers")).isEqualTo(change(null, 3));
    assertThat(told.getJsonObject("maxApiKeys")).isEqualTo(change(null, 4));
    root.post("/api/v1/tenants/quotas-changed/suspend", new JsonObject());
    assertThat(changes("the-fleet", "tenant.suspend").getJsonObject("state"))
        .isEqualTo(change("active", "suspended"));
  }

  @Test
  void aKeyThatComesAndGoesIsToldWithoutItsSecret() {
    Rest admin = by("keys-changed", "root", Role.ADMIN);
    JsonObject made =
        admin
            .post(
                "/api/v1/api-keys",
                new JsonObject()
                    .put("name", "nightly")
                    .put("scopes", new JsonArray().add("tasks.read")))
            .json();
    JsonObject told = changes("keys-changed", "apikey.create");
    assertThat(told.getJsonObject("scopes"))
        .isEqualTo(change(null, new JsonArray().add("tasks.read")));
    assertThat(told.encode()).doesNotContain(made.getString("key"));
    admin.delete("/api/v1/api-keys/" + made.getString("id"));
    assertThat(changes("keys-changed", "apikey.revoke").getJsonObject("name"))
        .isEqualTo(change("nightly", null));
  }

  @Test
  void aChangeOfAWorkItemTellsItsFieldsAndNotItsText() {
    Rest worker = by("work-changed", "root", Role.ADMIN);
    worker.post("/api/v1/projects", new JsonObject("{\"id\":\"p1\",\"name\":\"One\"}"));
    JsonObject item =
        worker
            .post(
                "/api/v1/work-items",
                new JsonObject("{\"projectId\":\"p1\",\"itemType\":\"task\",\"title\":\"Do it\"}"))
            .json();
    String path = "/api/v1/work-items/" + item.getString("id");
    worker.send("PATCH", path, "{\"priority\":\"high\",\"description\":\"between us\"}");
    JsonObject told = changes("work-changed", "work_item.update");
    assertThat(told.getJsonObject("priority")).isEqualTo(change("medium", "high"));
    assertThat(told.getJsonObject("description")).isEqualTo(change(null, "***"));
    worker.delete(path);
    assertThat(changes("work-changed", "work_item.delete").getJsonObject("title"))
        .isEqualTo(change("Do it", null));
  }

  @Test
  void itCanBeExportedAsLines() {
    Rest root = by("exported", "root", Role.ADMIN);
    root.post("/api/v1/tasks", new JsonObject().put("prompt", "x"));
    StringWriter lines = new StringWriter();
    long written =
        new AuditExport(house.stores.postgres())
            .write(
                new AuditExport.Range(new TenantId("exported"), null, null),
                new PrintWriter(lines));
    assertThat(written).isEqualTo(1);
    JsonObject line = new JsonObject(lines.toString());
    assertThat(line.getString("tenant")).isEqualTo("exported");
    assertThat(line.getString("action")).isEqualTo("task.create");
    assertThat(line.getString("at")).endsWith("Z");
    Instant at = Instant.parse(line.getString("at"));
    assertThat(exported("exported", at, null)).isEqualTo(1);
    assertThat(exported("exported", at.plusMillis(1), null)).isZero();
    assertThat(exported("exported", null, at)).isZero();
    assertThat(exported("exported", null, at.plusMillis(1))).isEqualTo(1);
    assertThat(exported("nobody-here", null, null)).isZero();
  }

  private long exported(String tenant, @Nullable Instant since, @Nullable Instant until) {
    return new AuditExport(house.stores.postgres())
        .write(
            new AuditExport.Range(new TenantId(tenant), since, until),
            new PrintWriter(new StringWriter()));
  }

  @Test
  void secretsAreNotInIt() {
    house.user("quiet", "alice", Role.OPERATOR);
    Rest admin = by("quiet", "root", Role.ADMIN);
    admin.post(
        "/api/v1/registry/instances",
        new JsonObject(
            "{\"id\":\"quiet-1\",\"url\":\"ws://127.0.0.1:9\",\"token\":\"hush-hush-hush\"}"));
    house.login("quiet", "alice", "wrong-password-typed");
    house.login("quiet", "alice");
    String all = entries("quiet", "?limit=200").toString();
    assertThat(all)
        .contains("user.create", "instance.register", "auth.login", "LOGIN_FAILED")
        .doesNotContain(House.PASSWORD, "hush-hush-hush", "wrong-password-typed", "argon2");
  }

  @Test
  void aRepetitionIsNoSecondChange() {
    Rest alice = by("repeated", "alice", Role.OPERATOR).with("Idempotency-Key", "once");
    for (int i = 0; i < 3; i++) {
      alice.post("/api/v1/tasks", new JsonObject().put("prompt", "x"));
    }
    assertThat(entries("repeated", "")).hasSize(1);
  }

  @Test
  void itIsReadByPagesAndFilters() {
    Rest alice = by("paged", "alice", Role.OPERATOR);
    Rest bob = by("paged", "bob", Role.OPERATOR);
    for (int i = 0; i < 3; i++) {
      alice.post("/api/v1/tasks", new JsonObject().put("prompt", "x"));
      bob.post("/api/v1/tasks/none/cancel", new JsonObject());
    }
    assertThat(entries("paged", "?actor=alice")).hasSize(3);
    assertThat(entries("paged", "?action=task.cancel&outcome=NOT_FOUND")).hasSize(3);
    assertThat(entries("paged", "?target=none")).hasSize(3);
    assertThat(entries("paged", "?until=1000")).isEmpty();
    assertThat(entries("paged", "?since=1000")).hasSize(6);
    assertThat(entries("paged", "?since=" + Instant.now().plusSeconds(60).toEpochMilli()))
        .isEmpty();
    JsonObject first = by("paged", "root", Role.ADMIN).get("/api/v1/audit?limit=4").json();
    assertThat(first.getJsonArray("items")).hasSize(4);
    assertThat(entries("paged", "?limit=4&cursor=" + first.getString("nextCursor"))).hasSize(2);
  }

  @Test
  void whoTriesToChangeWhatTheyMayNotIsWrittenDown() {
    by("denied", "vera", Role.VIEWER).post("/api/v1/tasks", new JsonObject().put("prompt", "hush"));
    JsonObject denied = entries("denied", "").getFirst();
    assertThat(denied.getString("action")).isEqualTo("task.create");
    assertThat(denied.getString("outcome")).isEqualTo("MISSING_SCOPE");
    assertThat(denied.getString("actor")).isEqualTo("vera");
    assertThat(denied.encode()).doesNotContain("hush");
  }

  @Test
  void aChangeFromAnotherTenantIsInTheLogsOfBoth() {
    JsonObject user =
        new JsonObject("{\"id\":\"bob\",\"roles\":[\"viewer\"],\"tenant\":\"changed-here\"}");
    by("changed-from", "root", Role.PLATFORM).post("/api/v1/users", user);
    assertThat(entries("changed-here", "").getFirst().getString("actor"))
        .isEqualTo("changed-from/root");
    assertThat(entries("changed-from", "").getFirst().getString("target")).isEqualTo("bob");
    by("changed-from", "sneak", Role.ADMIN).post("/api/v1/users", user.put("id", "eve"));
    assertThat(entries("changed-from", "").getFirst().getString("outcome"))
        .isEqualTo("MISSING_SCOPE");
    assertThat(entries("changed-here", "?action=user.create")).hasSize(1);
  }

  @Test
  void aKeyThatIsPastedInAnIdsPlaceIsWrittenDownNowhere() {
    Rest admin = by("pasted", "root", Role.ADMIN);
    String key =
        admin
            .post(
                "/api/v1/api-keys", new JsonObject("{\"name\":\"x\",\"scopes\":[\"tasks.read\"]}"))
            .json()
            .getString("key");
    assertThat(admin.delete("/api/v1/api-keys/" + key).status()).isEqualTo(400);
    assertThat(admin.delete("/api/v1/logins/" + key).status()).isEqualTo(400);
    assertThat(admin.post("/api/v1/users/" + key + "/revoke", new JsonObject()).status())
        .isEqualTo(400);
    assertThat(dump("audit_log") + dump("idempotency_keys") + dump("revocations"))
        .doesNotContain(key);
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
  void onlyWhoMayReadsIt() {
    assertThat(by("guarded", "alice", Role.OPERATOR).get("/api/v1/audit").reason())
        .isEqualTo("MISSING_SCOPE");
  }
}
