package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Leases in the table `tasks`: who runs a task, decided here and nowhere else. Every change of a
/// running task names the attempt under which it is made; an old attempt changes nothing.
final class LeaseStore {
  private static final String BY_ID =
      "select " + TaskRow.COLUMNS + " from tasks where id = any($1)";

  // The run id is made once and outlives the lease: only the certain end of the run clears it.
  // Locked in one order, so that two groups of tasks cannot wait for each other. What is asked of a
  // state is asked of the rows that are locked: beside the look for the ids it would lead a planner
  // with old figures through every open task.
  private static final String CLAIM =
      """
      with wanted as (
        select w.*, open_needs = 0
            and ((state in ('pending', 'scheduled', 'retrying')
                and (due_at is null or due_at <= now())
                and (deadline is null or deadline > now()))
              or (state = 'running' and (lease_until is null or lease_until <= now()))) as free
        from tasks
        join unnest($1::text[], $4::text[], $5::text[]) as w (wanted, place, place_session)
          on id = w.wanted
        order by id for update of tasks
      )
      update tasks set state = 'running', attempt = attempt + 1, lease_node = $2,
        lease_until = now() + $3::bigint * interval '1 millisecond',
        started_at = case when run_id is null then $6 else started_at end,
        run_instance = case when run_id is null then place else run_instance end,
        run_session = case when run_id is null then place_session else run_session end,
        run_id = coalesce(run_id, id || '.' || (attempt + 1)),
        wait_reason = null, due_at = null, updated_at = now()
      from wanted
      where id = wanted and free
      returning
      """
          + TaskRow.COLUMNS;
  private static final String RENEW =
      """
      update tasks t set lease_until = now() + $3::bigint * interval '1 millisecond'
      from unnest($1::text[], $2::int[]) as held (id, attempt)
      where t.id = held.id and t.attempt = held.attempt and t.state = 'running'
      returning t.id, t.cancel_requested
      """;
  private static final String RELEASE =
      """
      update tasks t set lease_node = null, lease_until = now(), updated_at = now()
      from unnest($1::text[], $2::int[]) as held (id, attempt)
      where t.id = held.id and t.attempt = held.attempt and t.state = 'running'
      """;
  private static final String HELD =
      """
      with held as (
        select tasks.* from tasks join unnest($1::text[], $2::int[]) as lease (held, number)
          on id = held and attempt = number
        order by id for update of tasks
      )
      select
      """
          + TaskRow.COLUMNS
          + "from held where state = 'running'";
  private static final String END =
      """
      update tasks set state = next_state, result = next_result::jsonb, error = next_error::jsonb,
        failures = next_failures, due_at = now() + delay_ms * interval '1 millisecond',
        wait_reason = next_reason, finished_at = next_finished,
        lease_node = null, lease_until = null, run_id = null, updated_at = now()
      from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::bigint[],
          $7::text[], $8::timestamptz[])
        as ending (ended, next_state, next_result, next_error, next_failures, delay_ms,
          next_reason, next_finished)
      where id = ended returning
      """
          + TaskRow.COLUMNS;
  private static final String WAITS =
      """
      update tasks set wait_reason = $2
      where id = $1 and state in ('pending', 'retrying') and wait_reason is distinct from $2
      """;

  /// A task that the node wants to run, and where.
  ///
  /// @param home where its conversation was last
  record Wanted(TaskRow task, InstanceId instance, @Nullable InstanceId home) {}

  /// What a run's end makes of its task.
  ///
  /// @param delay until it may start again; null where it has ended
  record End(
      TaskId task,
      TaskState state,
      @Nullable TaskOutcome result,
      @Nullable TaskError error,
      int failures,
      @Nullable Duration delay,
      @Nullable String waitReason,
      @Nullable Instant finishedAt) {}

  /// A lease as its holder remembers it.
  record Lease(TaskId task, int attempt) {}

  /// A lease that was prolonged.
  record Renewed(TaskId task, boolean cancelRequested) {}

  List<TaskRow> find(Sql sql, Collection<TaskId> tasks) {
    return TaskStore.all(
        sql.run(BY_ID, (Object) tasks.stream().map(TaskId::value).toArray(String[]::new)));
  }

  /// Makes the node the holder of those that nobody else holds and that still wait.
  Map<TaskId, TaskRow> claim(
      Sql sql, List<Wanted> wanted, NodeId node, Duration lease, Instant now) {
    return byId(
        sql.run(
            CLAIM,
            texts(wanted, want -> want.task().id().value()),
            node.value(),
            lease.toMillis(),
            texts(wanted, want -> want.instance().value()),
            texts(wanted, want -> SessionKeys.of(want.task())),
            now.atOffset(ZoneOffset.UTC)));
  }

  List<Renewed> renew(Sql sql, Collection<Lease> leases, Duration lease) {
    var rows = sql.run(RENEW, ids(leases), attempts(leases), lease.toMillis());
    return rows.stream()
        .map(
            row -> new Renewed(new TaskId(row.getString("id")), row.getBoolean("cancel_requested")))
        .toList();
  }

  /// Ends the leases, not the runs: whoever claims next goes on with them.
  void release(Sql sql, Collection<Lease> leases) {
    sql.run(RELEASE, ids(leases), attempts(leases));
  }

  /// The tasks whose attempt is still the one that counts, locked; the others are fenced.
  Map<TaskId, TaskRow> held(Sql sql, Collection<Lease> leases) {
    return byId(sql.run(HELD, ids(leases), attempts(leases)));
  }

  Map<TaskId, TaskRow> end(Sql sql, List<End> ends) {
    return byId(
        sql.run(
            END,
            texts(ends, end -> end.task().value()),
            texts(ends, end -> end.state().wireName()),
            texts(ends, end -> end.result() == null ? null : Json.text(end.result())),
            texts(ends, end -> end.error() == null ? null : Json.text(end.error())),
            ends.stream().map(End::failures).toArray(Integer[]::new),
            ends.stream()
                .map(end -> end.delay() == null ? null : end.delay().toMillis())
                .toArray(Long[]::new),
            texts(ends, End::waitReason),
            ends.stream()
                .map(
                    end ->
                        end.finishedAt() == null ? null : end.finishedAt().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new)));
  }

  void waits(Sql sql, TaskId task, String reason) {
    sql.run(WAITS, task.value(), Storable.words(reason));
  }

  private static Map<TaskId, TaskRow> byId(RowSet<Row> rows) {
    Map<TaskId, TaskRow> tasks = new HashMap<>();
    TaskStore.all(rows).forEach(task -> tasks.put(task.id(), task));
    return tasks;
  }

  private static <T> Object texts(List<T> all, Function<T, @Nullable String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }

  private static Object ids(Collection<Lease> leases) {
    return leases.stream().map(lease -> lease.task().value()).toArray(String[]::new);
  }

  private static Object attempts(Collection<Lease> leases) {
    return leases.stream().map(Lease::attempt).toArray(Integer[]::new);
  }
}
