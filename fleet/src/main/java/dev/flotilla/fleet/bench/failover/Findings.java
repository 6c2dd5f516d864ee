package dev.flotilla.fleet.bench.failover;

import dev.flotilla.fleet.bench.Figure;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the tables say afterwards, beside what was lost when.
final class Findings {
  private static final String SCENARIO = "failover";
  private static final String LOST =
      "select count(*) from tasks where tenant = $1 and state <> 'succeeded'";
  private static final String TWICE =
      """
      select count(*) from (
        select 1 from activity where tenant = $1 and kind = 'TASK'
          and payload->>'change' = 'succeeded'
        group by payload->'task'->>'id' having count(*) > 1) twice
      """;
  private static final String ATTEMPTS =
      """
      select a.task, a.instance, a.run_id, a.started_at, t.session, a.reason, a.message
      from task_attempts a join tasks t on t.id = a.task
      where a.tenant = $1 and a.outcome is distinct from 'refused'
      order by a.started_at, a.task, a.number
      """;
  // The instance, or the owner of its link, has not taken it: nothing ran.
  private static final String REFUSED =
      "select count(*) from task_attempts where tenant = $1 and outcome = 'refused'";

  /// @param end what became of it, in words
  private record Attempt(String instance, String run, Instant at, String end) {}

  private final Fakes fakes;
  private final Pool postgres;
  private final String tenant;
  private final List<Duration> reroutes = new ArrayList<>();
  private final List<String> needless = new ArrayList<>();
  private int moves;
  private int neededMoves;

  Findings(Fakes fakes, Pool postgres, String tenant) {
    this.fakes = fakes;
    this.postgres = postgres;
    this.tenant = tenant;
  }

  /// @param created how many tasks
  /// @param links how long the links of each lost node were nobody's
  /// @param changes how long it took until every node knew of a change
  List<Figure> figures(int created, List<Duration> links, List<Duration> changes) {
    Map<String, Attempt> byTask = new HashMap<>();
    Map<String, Attempt> bySession = new HashMap<>();
    for (Row row : query(ATTEMPTS)) {
      Attempt attempt =
          new Attempt(
              row.getString("instance"),
              row.getString("run_id"),
              row.getOffsetDateTime("started_at").toInstant(),
              row.getString("reason") + ": " + row.getString("message"));
      rerouted(byTask.put(row.getString("task"), attempt), attempt);
      String session = row.getString("session");
      if (session != null) {
        moved(bySession.put(session, attempt), attempt);
      }
    }
    Collections.sort(reroutes);
    Collections.sort(links);
    Collections.sort(changes);
    int again = 0;
    for (int i = 0; i < created; i++) {
      again += Math.max(0, fakes.executions(Load.prompt(i)) - 1);
    }
    return List.of(
        figure("tasks created", created, ""),
        figure("tasks lost or failed", number(LOST), ""),
        figure("tasks that ended twice", number(TWICE), ""),
        figure("runs rerouted, their instance was lost", reroutes.size(), ""),
        figure("runs given up though it was not", needless.size(), ""),
        figure("runs refused, and begun elsewhere", number(REFUSED), ""),
        figure("prompts that ran again", again, ""),
        figure("loss to next run, p50", seconds(reroutes, 50), "s"),
        figure("loss to next run, p99", seconds(reroutes, 99), "s"),
        figure("loss to next run, max", seconds(reroutes, 100), "s"),
        figure("links without owner, longest", seconds(links, 100), "s"),
        figure("registry change seen on every node, p50", seconds(changes, 50), "s"),
        figure("registry change seen on every node, longest", seconds(changes, 100), "s"),
        figure("conversations moved", moves, ""),
        figure("conversations that had to move", neededMoves, ""));
  }

  /// Runs that were given up though their instance was not lost, and why.
  List<String> needless() {
    return needless;
  }

  /// A lease that went on with the same run is no other run.
  private void rerouted(@Nullable Attempt before, Attempt now) {
    if (before == null || before.run().equals(now.run())) {
      return;
    }
    Instant lost = fakes.lost(before.instance(), before.at(), now.at());
    if (lost != null) {
      reroutes.add(Duration.between(lost, now.at()));
    } else if (!fakes.isLostAt(before.instance(), before.at())) {
      needless.add(before.run() + " on " + before.instance() + ", " + before.end());
    }
  }

  /// A conversation has to leave an instance that is not there when its next run begins.
  private void moved(@Nullable Attempt before, Attempt now) {
    if (before == null) {
      return;
    }
    if (!before.instance().equals(now.instance())) {
      moves++;
    }
    if (fakes.isLostAt(before.instance(), now.at())) {
      neededMoves++;
    }
  }

  private RowSet<Row> query(String sql) {
    return postgres.preparedQuery(sql).execute(Tuple.of(tenant)).await();
  }

  private double number(String sql) {
    return (double) query(sql).iterator().next().getLong(0);
  }

  private static double seconds(List<Duration> sorted, int percent) {
    if (sorted.isEmpty()) {
      return 0;
    }
    int at = (int) Math.ceil(percent / 100.0 * sorted.size()) - 1;
    return sorted.get(Math.max(0, at)).toMillis() / 1e3;
  }

  private static Figure figure(String name, double value, String unit) {
    return new Figure(SCENARIO, name, value, unit);
  }
}
