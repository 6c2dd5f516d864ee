package dev.flotilla.fleet.bench.failover;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// How long after it was acknowledged a change of an instance is what every node routes by. Nodes
/// take turns in answering, so that a row of answers is one of each node.
record Changes(Api api, int nodes) {
  private static final int TIMES = 5;
  private static final int ROUNDS = 3;
  private static final Duration LIMIT = Duration.ofMinutes(1);

  /// Takes an instance out of the routes and back in, again and again.
  List<Duration> of(String id) throws IOException, InterruptedException {
    List<Duration> took = new ArrayList<>();
    for (int i = 0; i < TIMES; i++) {
      api.post("/registry/instances/" + id + "/cordon", Map.of());
      took.add(untilSeen(id, false));
      api.post("/registry/instances/" + id + "/uncordon", Map.of());
      took.add(untilSeen(id, true));
    }
    return took;
  }

  /// Until the last answer that was from before.
  private Duration untilSeen(String id, boolean takes) throws IOException, InterruptedException {
    Instant changed = Instant.now();
    Instant last = changed;
    int row = 0;
    while (row < ROUNDS * nodes) {
      if (takes(id) == takes) {
        row++;
      } else {
        row = 0;
        last = Instant.now();
      }
      if (Instant.now().isAfter(changed.plus(LIMIT))) {
        throw new IllegalStateException("a change of " + id + " is not seen everywhere");
      }
    }
    return Duration.between(changed, last);
  }

  private boolean takes(String id) throws IOException, InterruptedException {
    return api.get("/registry/routes/explain").getJsonArray("instances").stream()
        .map(JsonObject.class::cast)
        .anyMatch(each -> each.getString("id").equals(id) && each.getInteger("slots") > 0);
  }
}
