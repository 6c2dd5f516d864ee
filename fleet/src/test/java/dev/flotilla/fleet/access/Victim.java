package dev.flotilla.fleet.access;

import dev.flotilla.identity.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/// A tenant that has one of everything, and [#MARK] in every text of it.
record Victim(
    String tenant,
    String task,
    String thread,
    String label,
    String schedule,
    String instance,
    String user,
    String onlyUser,
    String session,
    String key,
    String webhook,
    String project,
    String sprint,
    String item,
    String comment,
    String timeEntry,
    String dependency) {
  static final String MARK = "victims-own";

  /// What must be the same whatever strangers do.
  private static final List<String> STATE =
      List.of(
          "select id, state, prompt, cancel_requested from tasks",
          "select id, cron, enabled, template from schedules",
          "select id, url, credential, region, wish, revision from instances",
          "select id, url from webhooks",
          "select tenant, region from routing_policies",
          "select id, roles, password_hash, disabled_at from users",
          "select id, ended_at from auth_sessions",
          "select id, revoked_at from api_keys",
          "select id, name, deleted_at, revision from projects",
          "select id, name, status, deleted_at, revision from sprints",
          "select id, title, status, sprint_id, rank, deleted_at, revision from work_items",
          "select id, content, deleted_at from comments",
          "select id, ended_at, deleted_at from time_entries",
          "select id, deleted_at from dependencies",
          "select id, tenant, suspended_at, deleting_at, max_users from (select id, id as tenant,"
              + " suspended_at, deleting_at, max_users from tenants) t",
          "select tenant, level from queue_pauses",
          "select tenant, weight from queue_policies");

  static Victim in(House house) {
    String tenant = MARK;
    Rest admin = house.rest().bearer(house.token(tenant, MARK + "-root", Role.PLATFORM));
    house.user(tenant, "alice", Role.OPERATOR);
    house.user(tenant, MARK + "-user", Role.OPERATOR);
    JsonObject login = house.login(tenant, MARK + "-user");
    String session =
        house
            .rest()
            .bearer(login.getString("access_token"))
            .get("/api/auth/me")
            .json()
            .getString("proof")
            .replace("session:", "");
    JsonObject task =
        made(
            admin.post(
                "/api/v1/tasks",
                new JsonObject()
                    .put("prompt", MARK)
                    .put("session", MARK + "-thread")
                    .put("labels", new JsonArray().add(MARK + "-label"))));
    made(
        admin.post(
            "/api/v1/schedules",
            new JsonObject()
                .put("id", MARK + "-schedule")
                .put("cron", "0 0 1 1 *")
                .put("task", new JsonObject().put("prompt", MARK))));
    made(
        admin.post(
            "/api/v1/registry/instances",
            new JsonObject()
                .put("id", MARK + "-instance")
                .put("url", "ws://127.0.0.1:9")
                .put("token", MARK + "-token")));
    JsonObject key =
        made(
            admin.post(
                "/api/v1/api-keys",
                new JsonObject()
                    .put("name", MARK)
                    .put("scopes", new JsonArray().add("tasks.read"))));
    JsonObject webhook =
        made(
            admin.post(
                "/api/v1/webhooks",
                new JsonObject()
                    .put("url", "https://" + MARK + ".example/hook")
                    .put("secret", MARK + "-secret-of-a-hook")));
    made(admin.post("/api/v1/registry/routes/policy", new JsonObject().put("region", "us")));
    made(admin.post("/api/v1/alerts", new JsonObject().put("message", MARK)));
    made(admin.post("/api/v1/queue/policy", new JsonObject().put("weight", 7)));
    Tracked tracked = Tracked.of(admin, MARK);
    return new Victim(
        tenant,
        task.getString("id"),
        MARK + "-thread",
        MARK + "-label",
        MARK + "-schedule",
        MARK + "-instance",
        "alice",
        MARK + "-user",
        session,
        key.getString("id"),
        webhook.getString("id"),
        tracked.project(),
        tracked.sprint(),
        tracked.item(),
        tracked.comment(),
        tracked.timeEntry(),
        tracked.dependency());
  }

  private static JsonObject made(Rest.Answer answer) {
    if (answer.status() / 100 != 2) {
      throw new AssertionError(answer.toString());
    }
    return answer.json();
  }

  List<String> state(House house) {
    List<String> rows = new ArrayList<>();
    for (String select : STATE) {
      house
          .stores
          .postgres()
          .preparedQuery(
              "select row_to_json(t)::text as row from ("
                  + select
                  + " where tenant = $1 order by 1) t")
          .execute(io.vertx.sqlclient.Tuple.of(tenant))
          .await()
          .forEach(row -> rows.add(row.getString("row")));
    }
    return rows;
  }
}
