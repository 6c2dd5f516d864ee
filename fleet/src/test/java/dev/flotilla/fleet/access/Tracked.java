package dev.flotilla.fleet.access;

import io.vertx.core.json.JsonObject;

/// One of everything of tracked work, with a word in every text of it.
record Tracked(
    String project,
    String sprint,
    String item,
    String comment,
    String timeEntry,
    String dependency) {

  static Tracked of(Rest rest, String word) {
    String project =
        made(rest, "/projects", new JsonObject().put("id", word + "-project").put("name", word));
    String sprint =
        made(
            rest,
            "/sprints",
            new JsonObject()
                .put("id", word + "-sprint")
                .put("projectId", project)
                .put("name", word));
    String item = item(rest, project, word + "-item", word);
    String other = item(rest, project, word + "-other-item", word);
    return new Tracked(
        project,
        sprint,
        item,
        made(rest, "/comments", about(item).put("id", word + "-comment").put("content", word)),
        made(rest, "/time-entries", about(item).put("id", word + "-time").put("description", word)),
        made(
            rest,
            "/dependencies",
            new JsonObject()
                .put("id", word + "-dependency")
                .put("blockingItemId", item)
                .put("blockedItemId", other)));
  }

  private static JsonObject about(String item) {
    return new JsonObject().put("workItemId", item);
  }

  private static String item(Rest rest, String project, String id, String word) {
    return made(
        rest,
        "/work-items",
        new JsonObject()
            .put("id", id)
            .put("projectId", project)
            .put("itemType", "task")
            .put("title", word));
  }

  private static String made(Rest rest, String path, JsonObject body) {
    Rest.Answer answer = rest.post("/api/v1" + path, body);
    if (answer.status() != 201) {
      throw new AssertionError(path + ": " + answer);
    }
    return answer.json().getString("id");
  }
}
