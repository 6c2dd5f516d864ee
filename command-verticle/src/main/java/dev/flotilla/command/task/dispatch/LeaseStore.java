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
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Leases in the table `tasks`: who runs a task, decided here and nowhere else. Every change of a
/// running task names the attempt under which it is made; an old attempt changes nothing.
final class LeaseStore {
  private static final String BY_ID =
      "select " + TaskRow.COLUMNS + " from tasks where id = any($1)";

  // The run id is made once and outlives the lease: only the certain end of the run clears it.
  private static final String CLAIM =
      """
      update tasks set state = 'running', attempt = attempt + 1, lease_node = $2,
        lease_until = now() + $3::bigint * interval '1 millisecond',
        started_at = case when run_id is null then $6 else started_at end,
        run_instance = case when run_id is null then $4 else run_instance end,
        run_session = case when run_id is null then $5 else run_session end,
        run_id = coalesce(run_id, id || '.' || (attempt + 1)),
        wait_reason = null, due_at = null, updated_at = now()
      where id = $1 and open_needs = 0
        and ((state in ('pending', 'scheduled', 'retrying') and (due_at is null or due_at <= now())
            and (deadline is null or deadline > now()))
          or (state = 'running' and (lease_until is null or lease_until <= now())))
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
      "select "
          + TaskRow.COLUMNS
          + " from tasks where id = $1 and attempt = $2 and state = 'running' for update";
  private static final String END =
      """
      update tasks set state = $2, result = $3::text::jsonb, error = $4::text::jsonb, failures = $5,
        due_at = now() + $6::bigint * interval '1 millisecond', wait_reason = $7, finished_at = $8,
        lease_node = null, lease_until = null, run_id = null, updated_at = now()
      where id = $1 returning
      """
          + TaskRow.COLUMNS;
  private static final String WAITS =
      """
      update tasks set wait_reason = $2
      where id = $1 and state in ('pending', 'retrying') and wait_reason is distinct from $2
      """;

  /// What a run's end makes of its task.
  ///
  /// @param delay until it may start again; null where it has ended
  record End(
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

  /// Makes the node the holder, unless somebody else is, or the task does not wait any more.
  Optional<TaskRow> claim(
      Sql sql, TaskRow task, NodeId node, Duration lease, InstanceId instance, Instant now) {
    return TaskStore.all(
            sql.run(
                CLAIM,
                task.id().value(),
                node.value(),
                lease.toMillis(),
                instance.value(),
                SessionKeys.of(task),
                now.atOffset(ZoneOffset.UTC)))
        .stream()
        .findFirst();
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

  /// The task while the attempt is still the one that counts, locked; nothing for a fenced attempt.
  Optional<TaskRow> held(Sql sql, TaskId task, int attempt) {
    return TaskStore.all(sql.run(HELD, task.value(), attempt)).stream().findFirst();
  }

  TaskRow end(Sql sql, TaskId task, End end) {
    Duration delay = end.delay();
    Instant finishedAt = end.finishedAt();
    return TaskRow.of(
        sql.run(
                END,
                task.value(),
                end.state().wireName(),
                end.result() == null ? null : Json.text(end.result()),
                end.error() == null ? null : Json.text(end.error()),
                end.failures(),
                delay == null ? null : delay.toMillis(),
                end.waitReason(),
                finishedAt == null ? null : finishedAt.atOffset(ZoneOffset.UTC))
            .iterator()
            .next());
  }

  void waits(Sql sql, TaskId task, String reason) {
    sql.run(WAITS, task.value(), Storable.words(reason));
  }

  private static Object ids(Collection<Lease> leases) {
    return leases.stream().map(lease -> lease.task().value()).toArray(String[]::new);
  }

  private static Object attempts(Collection<Lease> leases) {
    return leases.stream().map(Lease::attempt).toArray(Integer[]::new);
  }
}
