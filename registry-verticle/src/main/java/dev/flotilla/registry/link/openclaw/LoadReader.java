package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.InstanceLoad;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks an instance now and then how busy it is: one question at a time, and seldom what costs it
/// something to answer. What it refuses is not asked again on the same connection, and is unknown.
final class LoadReader {
  private static final Logger LOG = LoggerFactory.getLogger(LoadReader.class);
  private static final int USAGE_EVERY = 8;
  // A first answer takes the instance seconds: it adds up what it has kept.
  private static final int USAGE_FIRST = 1;
  private static final Map<String, Object> ONE_ACTIVE = Map.of("limit", 1, "activeOnly", true);
  private static final Map<String, Object> ONE = Map.of("limit", 1);
  private static final Map<String, Object> TODAY = Map.of("agentScope", "all", "days", 1);

  private final Duration interval;
  private final Clock clock;
  private final RandomGenerator random;
  private final Set<String> refused = new HashSet<>();
  private @Nullable Connection connection;
  private @Nullable InstanceLoad load;
  private Instant due = Instant.EPOCH;
  private boolean asking;
  private int round;

  LoadReader(Duration interval, Clock clock, RandomGenerator random) {
    this.interval = interval;
    this.clock = clock;
    this.random = random;
  }

  /// The last answer, however old; null before the first one.
  @Nullable InstanceLoad load() {
    return load;
  }

  /// Instances that all come back at once are not all asked at once.
  void connected(Connection up) {
    connection = up;
    refused.clear();
    asking = false;
    round = 0;
    due = clock.instant().plusMillis(random.nextLong(Math.max(1, interval.toMillis() / 2)));
  }

  void disconnected() {
    connection = null;
  }

  /// Call it every second or so.
  void tick() {
    Connection up = connection;
    Instant now = clock.instant();
    if (up == null || asking || now.isBefore(due)) {
      return;
    }
    asking = true;
    due = now.plus(interval);
    boolean usage = round % USAGE_EVERY == USAGE_FIRST;
    round++;
    read(up)
        .compose(_ -> usage ? readUsage(up) : Future.succeededFuture())
        .onComplete(_ -> done(up));
  }

  private void done(Connection up) {
    if (up == connection) {
      asking = false;
    }
  }

  private Future<Void> read(Connection up) {
    long begin = System.nanoTime();
    return ask(up, "diagnostics.lanes", Map.of())
        .compose(
            lanes -> {
              double took = (System.nanoTime() - begin) / 1e6;
              return ask(up, "sessions.list", ONE_ACTIVE)
                  .map(sessions -> took(lanes, sessions, took));
            });
  }

  /// Where nothing was answered, what was known stays, with its age.
  private @Nullable Void took(@Nullable JsonNode lanes, @Nullable JsonNode sessions, double ms) {
    if (lanes != null || sessions != null) {
      InstanceLoad before = load;
      load =
          new InstanceLoad(
              lanes == null ? null : Lanes.runs(lanes),
              lanes == null ? null : Lanes.queued(lanes),
              sessions == null ? null : integer(sessions.path("totalCount")),
              lanes == null ? null : Double.valueOf(ms),
              clock.instant(),
              before == null ? null : before.usage());
    }
    return null;
  }

  private Future<Void> readUsage(Connection up) {
    return ask(up, "sessions.list", ONE)
        .compose(sessions -> ask(up, "usage.cost", TODAY).map(cost -> used(sessions, cost)));
  }

  private @Nullable Void used(@Nullable JsonNode sessions, @Nullable JsonNode cost) {
    InstanceLoad known = load;
    if (known != null && (sessions != null || cost != null)) {
      JsonNode totals = cost == null ? null : cost.path("totals");
      InstanceLoad.Usage usage =
          new InstanceLoad.Usage(
              sessions == null ? null : integer(sessions.path("totalCount")),
              totals == null ? null : Outcomes.number(totals.path("input")),
              totals == null ? null : Outcomes.number(totals.path("output")),
              totals == null ? null : decimal(totals.path("totalCost")),
              clock.instant());
      load =
          new InstanceLoad(
              known.runs(),
              known.queued(),
              known.activeSessions(),
              known.answerMs(),
              known.at(),
              usage);
    }
    return null;
  }

  /// Never fails; null where there is no answer.
  private Future<@Nullable JsonNode> ask(Connection up, String method, Object params) {
    if (refused.contains(method)) {
      return Future.succeededFuture();
    }
    return up.request(method, params)
        .otherwise(
            failure -> {
              LOG.debug("{} was not answered: {}", method, failure.getMessage());
              if (failure instanceof RpcFailure rpc && rpc.isSenseless() && up == connection) {
                refused.add(method);
              }
              return null;
            });
  }

  private static @Nullable Integer integer(JsonNode node) {
    return node.canConvertToInt() && node.isNumber() ? Integer.valueOf(node.asInt()) : null;
  }

  private static @Nullable Double decimal(JsonNode node) {
    return node.isNumber() ? Double.valueOf(node.asDouble()) : null;
  }

  /// The queues inside an instance. Work of a conversation counts once: its own lane is not listed,
  /// it only queues.
  private static final class Lanes {
    private static final String UPKEEP = "background";

    static @Nullable Integer runs(JsonNode answer) {
      return sum(answer, "activeCount");
    }

    static @Nullable Integer queued(JsonNode answer) {
      Integer listed = sum(answer, "queuedCount");
      return listed == null ? null : listed + answer.path("dynamic").path("queuedCount").asInt();
    }

    private static @Nullable Integer sum(JsonNode answer, String count) {
      if (!answer.path("lanes").isArray()) {
        return null;
      }
      int sum = 0;
      for (JsonNode lane : answer.path("lanes")) {
        if (!lane.path("lane").asText("").equals(UPKEEP)) {
          sum += lane.path(count).asInt();
        }
      }
      return sum;
    }
  }
}
