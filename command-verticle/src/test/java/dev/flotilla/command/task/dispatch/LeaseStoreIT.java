package dev.flotilla.command.task.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.command.store.Deadline;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.dispatch.LeaseStore.Lease;
import dev.flotilla.command.task.dispatch.LeaseStore.Wanted;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.store.Stores;
import dev.flotilla.testkit.Patience;
import dev.flotilla.testkit.TestStores;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What PostgreSQL grants, whatever a node asks for that has an old picture of the queue.
class LeaseStoreIT {
  private static final NodeId NODE = new NodeId("n2");
  private static final Duration LEASE = Duration.ofHours(1);
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");
  private static final String HOUR_AGO = "now() - interval '1 hour'";
  private static final String IN_AN_HOUR = "now() + interval '1 hour'";

  private final Vertx vertx = Vertx.vertx();
  private final Stores stores = Stores.open(vertx, TestStores.fresh());
  private final Sql sql = new Sql(stores.postgres(), Deadline.in(Patience.LIMIT));
  private final LeaseStore leases = new LeaseStore();

  @AfterEach
  void close() {
    stores.close().await();
    vertx.close().await();
  }

  /// A task as the table may hold it.
  ///
  /// @param more columns that a test is about, each with its value
  private void task(String id, String state, Map<String, String> more) {
    StringBuilder columns = new StringBuilder();
    StringBuilder values = new StringBuilder();
    more.forEach(
        (column, value) -> {
          columns.append(", ").append(column);
          values.append(", ").append(value);
        });
    sql.run(
        "insert into tasks (id, tenant, state, priority, prompt, timeout_ms, max_attempts,"
            + " created_by, created_at, updated_at"
            + columns
            + ") values ($1, 'acme', $2, 'medium', 'x', 1000, 3, 'alice', now(), now()"
            + values
            + ")",
        id,
        state);
  }

  private TaskRow read(String id) {
    return leases.find(sql, List.of(new TaskId(id))).getFirst();
  }

  private Map<TaskId, TaskRow> claim(String... ids) {
    List<Wanted> wanted =
        List.of(ids).stream()
            .map(id -> new Wanted(read(id), new InstanceId("elsewhere"), null))
            .toList();
    return leases.claim(sql, wanted, NODE, LEASE, NOW);
  }

  @Test
  void onlyWhatWaitsAndMayStartIsGranted() {
    task("pending", "pending", Map.of());
    task("due", "scheduled", Map.of("due_at", HOUR_AGO));
    task("later", "scheduled", Map.of("due_at", IN_AN_HOUR));
    task("again", "retrying", Map.of("due_at", HOUR_AGO, "deadline", IN_AN_HOUR));
    task("too-late", "pending", Map.of("deadline", HOUR_AGO));
    task("needs", "pending", Map.of("open_needs", "1"));
    task("over", "succeeded", Map.of());
    assertThat(claim("pending", "due", "later", "again", "too-late", "needs", "over"))
        .containsOnlyKeys(new TaskId("pending"), new TaskId("due"), new TaskId("again"));
    assertThat(claim("pending", "due", "again")).isEmpty();
  }

  @Test
  void aRunIsTakenOverOnlyWhereItsLeaseHasEndedAndGoesOnAsItWas() {
    Map<String, String> run =
        Map.of(
            "attempt", "1",
            "lease_node", "'n1'",
            "run_id", "'r.1'",
            "run_instance", "'here'",
            "run_session", "'talk'",
            "started_at", HOUR_AGO);
    task("held", "running", with(run, "lease_until", IN_AN_HOUR));
    task("lost", "running", with(run, "lease_until", HOUR_AGO));
    TaskRow before = read("lost");
    Map<TaskId, TaskRow> claimed = claim("held", "lost");
    assertThat(claimed).containsOnlyKeys(new TaskId("lost"));
    TaskRow after = claimed.values().iterator().next();
    assertThat(after.attempt()).isEqualTo(2);
    assertThat(after.leaseNode()).isEqualTo(NODE);
    assertThat(after.runId()).isEqualTo("r.1");
    assertThat(after.runInstance()).hasToString("here");
    assertThat(after.runSession()).isEqualTo("talk");
    // Its time does not begin anew with each node that is lost.
    assertThat(after.startedAt()).isEqualTo(before.startedAt());
  }

  @Test
  void anOldAttemptKeepsAndReleasesNothing() {
    task("moved", "running", Map.of("attempt", "2", "lease_node", "'n1'", "lease_until", "now()"));
    Lease old = new Lease(new TaskId("moved"), 1);
    Lease own = new Lease(new TaskId("moved"), 2);
    assertThat(leases.renew(sql, List.of(old), LEASE)).isEmpty();
    assertThat(read("moved").leaseMs()).isZero();
    assertThat(leases.renew(sql, List.of(own), LEASE)).hasSize(1);
    leases.release(sql, List.of(old));
    assertThat(read("moved").leaseNode()).hasToString("n1");
    assertThat(read("moved").leaseMs()).isPositive();
    leases.release(sql, List.of(own));
    assertThat(read("moved").leaseNode()).isNull();
    assertThat(read("moved").leaseMs()).isZero();
  }

  private static Map<String, String> with(Map<String, String> columns, String name, String value) {
    Map<String, String> all = new HashMap<>(columns);
    all.put(name, value);
    return all;
  }
}
