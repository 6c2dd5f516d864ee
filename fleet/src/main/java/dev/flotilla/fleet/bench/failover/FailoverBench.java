package dev.flotilla.fleet.bench.failover;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.up.ScratchFleet;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import dev.flotilla.registry.drill.FakeInstance;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// The whole of `flotilla bench failover`: nodes as processes, instances that play their part,
/// tasks at a steady pace, and one loss after the other.
public final class FailoverBench {
  private static final String TENANT = "bench";
  private static final int SLOTS = 4;
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final long LOOK_MS = 50;
  private static final String OPEN =
      "select count(*) from tasks where tenant = 'bench' and finished_at is null";

  private final Order order;
  private final Path config;
  private final PrintWriter out;
  private final Vertx vertx = Vertx.vertx();
  private final List<Duration> links = new ArrayList<>();

  /// @param config settings of the nodes
  /// @param out for people, while it runs
  public FailoverBench(Order order, Path config, PrintWriter out) {
    this.order = order;
    this.config = config;
    this.out = out;
  }

  public List<Figure> run() throws Exception {
    try (Fakes fakes = new Fakes(order.instances());
        ScratchFleet fleet = ScratchFleet.start(order.nodes(), config, out)) {
      Stores stores = Stores.open(vertx, fleet.config());
      Api api = new Api(vertx, fleet.urls(), token(fleet.config().identity()));
      register(fakes, api);
      List<Duration> changes = new Changes(api, order.nodes()).of(fakes.in("ap").getLast());
      int created;
      try (Load load = new Load(api, order)) {
        load.start();
        lose(fakes, fleet, api);
        created = load.stop(LIMIT);
      }
      await(
          "every task ends",
          () -> stores.postgres().query(OPEN).execute().await().iterator().next().getLong(0) == 0);
      Findings findings = new Findings(fakes, stores.postgres(), TENANT);
      List<Figure> figures = findings.figures(created, links, changes);
      findings.needless().forEach(run -> say("given up: " + run));
      return figures;
    } finally {
      vertx.close().await();
    }
  }

  private String token(FleetConfig.Identity identity) {
    return new Tokens(vertx, identity, Clock.systemUTC())
        .issue(new TenantId(TENANT), new UserId("bench"), List.of(Role.ADMIN), Duration.ofHours(1));
  }

  private void register(Fakes fakes, Api api) throws Exception {
    for (Map.Entry<String, FakeInstance> each : fakes.all().entrySet()) {
      api.post(
          "/registry/instances",
          Map.of(
              "id", each.getKey(),
              "url", each.getValue().url().toString(),
              "token", each.getValue().token(),
              "region", Fakes.region(each.getKey()),
              "maxConcurrency", SLOTS));
    }
    say(order.instances() + " instances in " + Fakes.REGIONS.size() + " regions");
    await("every instance is ready", () -> all(api, fakes, FailoverBench::isReady));
  }

  private void lose(Fakes fakes, ScratchFleet fleet, Api api) throws Exception {
    pause();
    for (String region : Fakes.REGIONS) {
      String id = fakes.in(region).getFirst();
      say("instance " + id + " is lost");
      fakes.kill(id);
      pause();
    }
    killNode(order.nodes(), fleet, api, fakes);
    pause();
    List<String> region = fakes.in("us").stream().filter(fakes::isUp).toList();
    say("region us is lost: " + region.size() + " instances");
    region.forEach(fakes::kill);
    pause();
    killNode(order.nodes() - 1, fleet, api, fakes);
    pause();
    say("region us is back");
    region.forEach(fakes::revive);
    pause();
  }

  /// `kill -9`, and then until other nodes have reported of every instance that is there.
  private void killNode(int node, ScratchFleet fleet, Api api, Fakes fakes) throws Exception {
    say("node " + node + " is lost");
    Instant lost = Instant.now();
    fleet.kill(node);
    await(
        "its links have other owners",
        () -> all(api, fakes, view -> isReady(view) && seenSince(view, lost)));
    Duration took = Duration.between(lost, Instant.now());
    links.add(took);
    say("its links had no owner for " + took.toMillis() + " ms");
  }

  private static boolean isReady(JsonObject view) {
    return "ready".equals(view.getString("state"));
  }

  private static boolean seenSince(JsonObject view, Instant time) {
    return view.getLong("observedAt", 0L) > time.toEpochMilli();
  }

  private static boolean all(Api api, Fakes fakes, Predicate<JsonObject> condition)
      throws IOException, InterruptedException {
    return api.get("/registry/instances").getJsonArray("items").stream()
        .map(JsonObject.class::cast)
        .filter(view -> fakes.isUp(view.getString("id")))
        .allMatch(condition);
  }

  /// Something that may fail while a node is gone.
  private interface Condition {
    boolean holds() throws IOException, InterruptedException;
  }

  private void await(String what, Condition condition) throws InterruptedException {
    Instant limit = Instant.now().plus(LIMIT);
    while (!holds(condition)) {
      if (Instant.now().isAfter(limit)) {
        throw new IllegalStateException("in vain: " + what);
      }
      vertx.timer(LOOK_MS).await();
    }
  }

  private static boolean holds(Condition condition) throws InterruptedException {
    try {
      return condition.holds();
    } catch (IOException later) {
      return false;
    }
  }

  private void pause() {
    vertx.timer(order.apart().toMillis()).await();
  }

  private void say(String words) {
    out.println(words);
    out.flush();
  }
}
