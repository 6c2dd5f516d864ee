package dev.flotilla.fleet.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.InstancePage;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.drill.FakeInstance;
import io.vertx.sqlclient.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Instances, owners of links and a whole region are lost while tasks go on: each task ends once,
/// and a conversation moves only when its instance is gone.
class FailoverIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final List<String> REGIONS = List.of("eu", "us", "ap");
  private static final int PER_REGION = 17;
  private static final int SESSIONS = 51;
  private static Site site;
  private final Set<String> killed = new HashSet<>();
  private int created;

  @BeforeAll
  static void start() {
    site =
        new Site(
            Map.of(
                "FLOTILLA_COMMAND_LEASE", "6s",
                "FLOTILLA_COMMAND_LEASE_RENEWAL", "500ms",
                "FLOTILLA_COMMAND_POLL_INTERVAL", "100ms",
                "FLOTILLA_COMMAND_RETRY_DELAY", "50ms",
                "FLOTILLA_COMMAND_RUN_PATIENCE", "6s",
                "FLOTILLA_REGISTRY_REPORT_INTERVAL", "500ms",
                "FLOTILLA_REGISTRY_RECONNECT_MAX", "500ms",
                "FLOTILLA_REGISTRY_HEALTH_SLOW_START", "0s",
                "FLOTILLA_REGISTRY_HEALTH_SESSION_PATIENCE", "10s"));
    List.of("r1", "r2", "r3").forEach(site::startRegistry);
    List.of("c1", "c2").forEach(site::startCommand);
    for (String region : REGIONS) {
      for (int i = 0; i < PER_REGION; i++) {
        site.register(region + "-" + i, region, 3);
      }
    }
    await().atMost(PATIENCE).until(() -> ready() == site.instances.size());
  }

  @AfterAll
  static void stop() {
    site.close();
  }

  private static long ready() {
    return site.ask(CommandKind.INSTANCE_LIST, Map.of(), InstancePage.class).items().stream()
        .filter(each -> each.state() == InstanceState.READY)
        .count();
  }

  /// Asks often enough that every node is among those who answer: they take turns.
  private static boolean everywhere(Predicate<List<RouteAnswer.Candidate>> seen) {
    RouteAsk ask = new RouteAsk(new TenantId("acme"), null, List.of("news"), null);
    return IntStream.range(0, 4 * site.registries())
        .allMatch(_ -> seen.test(site.route(ask).candidates()));
  }

  private static void change(CommandKind kind, String name, Object value) {
    site.execute(kind, Map.of("id", "news", name, value));
  }

  @Test
  void everyNodeRoutesByWhatOperatorsHaveJustChanged() {
    FakeInstance before = site.register("news", "eu", 3, List.of("news"));
    await().atMost(PATIENCE).until(() -> everywhere(found -> found.size() == 1));
    change(CommandKind.INSTANCE_UPDATE, "weight", 50);
    await()
        .atMost(PATIENCE)
        .until(() -> everywhere(found -> found.size() == 1 && found.getFirst().share() == 150));
    change(CommandKind.INSTANCE_CORDON, "reason", "a test");
    await().atMost(PATIENCE).until(() -> everywhere(List::isEmpty));
    site.execute(CommandKind.INSTANCE_UNCORDON, Map.of("id", "news"));
    await().atMost(PATIENCE).until(() -> everywhere(found -> found.size() == 1));
    try (FakeInstance after = FakeInstance.start(before.token())) {
      site.execute(
          CommandKind.INSTANCE_UPDATE,
          Map.of("id", "news", "url", after.url().toString(), "token", after.token()));
      await().atMost(PATIENCE).until(() -> after.connections() == 1 && before.connections() == 0);
      await().atMost(PATIENCE).until(() -> everywhere(found -> found.size() == 1));
      site.execute(CommandKind.INSTANCE_REMOVE, Map.of("id", "news"));
      await().atMost(PATIENCE).until(() -> everywhere(List::isEmpty));
    }
  }

  /// One task for each conversation, and as many without one.
  private void createSome() {
    List<Map<String, Object>> tasks = new ArrayList<>();
    for (int i = 0; i < SESSIONS; i++) {
      tasks.add(Map.of("prompt", "[[slow:3:60]]", "session", "talk-" + i, "maxAttempts", 10));
      tasks.add(Map.of("prompt", "[[slow:4:60]]", "maxAttempts", 10));
    }
    site.execute(CommandKind.TASK_BATCH, Map.of("tasks", tasks));
    created += tasks.size();
  }

  private static long ended() {
    return site.number("select count(*) from tasks where finished_at is not null");
  }

  private void kill(String id) {
    site.kill(id);
    killed.add(id);
  }

  @Test
  void whateverIsLostEveryTaskEndsOnceAndConversationsMoveOnlyWhenTheyMust() {
    createSome();
    await().atMost(PATIENCE).until(() -> ended() >= created / 3);
    createSome();
    kill("eu-0");
    await().atMost(PATIENCE).until(() -> ended() >= created / 2);
    site.stop("r2");
    createSome();
    await().atMost(PATIENCE).until(() -> ended() >= created / 2);
    for (int i = 0; i < PER_REGION; i++) {
      kill("us-" + i);
    }
    createSome();
    await().atMost(PATIENCE).until(() -> ended() >= created / 2);
    site.startRegistry("r4");
    site.stop("c2");
    createSome();
    await().atMost(PATIENCE).until(() -> ended() == created);

    assertThat(site.texts("select distinct state from tasks")).containsExactly("succeeded");
    assertThat(
            site.texts(
                "select task from task_attempts where outcome = 'succeeded' group by task"
                    + " having count(*) > 1"))
        .isEmpty();
    assertThat(
            site.number(
                "select count(*) from activity where kind = 'TASK'"
                    + " and payload->>'change' = 'succeeded'"))
        .isEqualTo(created);
    List<String> moves = moves();
    // A move is needed once for every conversation whose instance was lost before its last task.
    assertThat(moves).allMatch(killed::contains);
    assertThat(site.number("select coalesce(sum(moves), 0) from session_homes"))
        .isEqualTo(moves.size());
    assertThat(site.texts("select distinct instance from session_homes"))
        .doesNotContainAnyElementsOf(killed);
  }

  /// From where conversations moved, by the runs that they had, in order.
  private static List<String> moves() {
    List<String> left = new ArrayList<>();
    Map<String, String> home = new HashMap<>();
    for (Row row :
        site.rows(
            "select t.session, a.instance, a.run_id from task_attempts a join tasks t on t.id ="
                + " a.task where t.session is not null order by a.started_at, t.ordinal,"
                + " a.number")) {
      String before = home.put(row.getString("session"), row.getString("instance"));
      if (before != null && !before.equals(row.getString("instance"))) {
        left.add(before);
      }
    }
    return left;
  }
}
