package dev.flotilla.command.task;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.LogPosition;
import dev.flotilla.contract.Result.TaskCount;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `tasks`, as commands read and write it. What the dispatcher does with leases is in
/// `dispatch.LeaseStore`.
public final class TaskStore {
  private static final String INSERT =
      """
      insert into tasks (id, tenant, state, priority, prompt, session, capabilities, labels,
        timeout_ms, max_attempts, created_by, correlation_id, created_at, updated_at, due_at,
        deadline, retry_delay_ms, retry_max_ms, final_errors, limit_key, key_running, key_starts,
        key_per_ms, after_tasks, after_failure, open_needs, needed, schedule, wait_reason)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13, $14, $15, $16, $17, $18,
        $19, $20, $21, $22, $23, $24, $25, $26, $27, $28)
      returning
      """
          + TaskRow.COLUMNS;
  private static final String FIND =
      "select " + TaskRow.COLUMNS + " from tasks where tenant = $1 and id = $2";
  private static final String LOCK = FIND + " for update";
  private static final String LIST =
      "select "
          + TaskRow.COLUMNS
          + """
          from tasks
          where tenant = $1 and ordinal < $2 and ($3::text is null or state = $3)
            and ($4::text is null or priority = $4) and ($5::text is null or $5 = any(labels))
            and ($6::text is null or session = $6) and ($7::text is null or schedule = $7)
          order by ordinal desc limit $8
          """;

  /// One statement, so that tasks and position are of one moment.
  private static final String THREAD =
      "select log.epoch, log.seq, task.* from tenant_log as log left join lateral (select "
          + TaskRow.COLUMNS
          + """
            from tasks where tenant = $1 and session = $2 and ordinal <= $3
            order by ordinal desc limit $4
          ) as task on true
          where log.tenant = $1 order by task.ordinal desc
          """;

  private static final String RUNNING =
      "select " + TaskRow.BRIEF + " from tasks where tenant = $1 and state = 'running'";
  private static final String RUNNING_IN = RUNNING + " and session = $2";
  // The states of the index `tasks_open`.
  private static final String COUNT_OPEN =
      """
      select state, count(*) as count from tasks
      where tenant = $1 and state in ('pending', 'scheduled', 'retrying', 'running')
      group by state
      """;
  private static final String CANCEL =
      """
      update tasks set state = 'cancelled', error = $2::text::jsonb, due_at = null,
        wait_reason = null, finished_at = $3, updated_at = now()
      where id = $1 returning
      """
          + TaskRow.COLUMNS;
  private static final String REQUEST_CANCEL =
      """
      update tasks set cancel_requested = true, error = $2::text::jsonb, updated_at = now()
      where id = $1 returning
      """
          + TaskRow.COLUMNS;
  private static final String REQUEUE =
      """
      update tasks set state = 'pending', failures = 0, run_id = null, run_instance = null,
        run_session = null, result = null, error = null, due_at = null, wait_reason = null,
        cancel_requested = false, started_at = null, finished_at = null, open_needs = 0,
        deadline = case when deadline > now() then deadline end, updated_at = now()
      where id = any($1) and state in ('failed', 'dead', 'cancelled', 'expired') returning
      """
          + TaskRow.COLUMNS;

  /// How many tasks have not ended, by state.
  public List<TaskCount> countOpen(Sql sql, TenantId tenant) {
    List<TaskCount> counts = new ArrayList<>();
    sql.run(COUNT_OPEN, tenant.value())
        .forEach(
            row ->
                counts.add(
                    new TaskCount(
                        TaskState.named(row.getString("state")), row.getInteger("count"))));
    counts.sort(Comparator.comparing(TaskCount::state));
    return counts;
  }

  /// Writes a new task. Several that are sent before the first is awaited share a round trip, and
  /// keep their order.
  public Future<TaskRow> insert(Sql sql, TaskDraft draft) {
    TaskRow.KeyLimits limits = draft.limits();
    Command.Retry retry = draft.retry();
    return sql.send(
            INSERT,
            draft.id().value(),
            draft.author().tenant().value(),
            draft.state().wireName(),
            draft.priority().wireName(),
            draft.prompt(),
            draft.session(),
            draft.capabilities().toArray(String[]::new),
            draft.labels().toArray(String[]::new),
            draft.timeoutMs(),
            draft.maxAttempts(),
            draft.author().user(),
            draft.author().correlationId(),
            draft.author().at().atOffset(ZoneOffset.UTC),
            utc(draft.runAt()),
            utc(draft.deadline()),
            retry == null ? null : retry.delayMs(),
            retry == null ? null : retry.maxDelayMs(),
            retry == null || retry.finalErrors() == null
                ? new String[0]
                : retry.finalErrors().toArray(String[]::new),
            limits == null ? null : limits.key(),
            limits == null ? null : limits.running(),
            limits == null ? null : limits.starts(),
            limits == null ? null : limits.perMs(),
            draft.after().stream().map(TaskId::value).toArray(String[]::new),
            draft.afterFailure() == null ? null : draft.afterFailure().wireName(),
            draft.openNeeds(),
            draft.needed(),
            draft.schedule(),
            draft.waitReason())
        .map(TaskStore::one);
  }

  private static @Nullable OffsetDateTime utc(@Nullable Instant time) {
    return time == null ? null : time.atOffset(ZoneOffset.UTC);
  }

  public Optional<TaskRow> find(Sql sql, TenantId tenant, TaskId id) {
    return all(sql.run(FIND, tenant.value(), id.value())).stream().findFirst();
  }

  /// The task, which nobody else changes until the transaction ends.
  public Optional<TaskRow> lock(Sql sql, TenantId tenant, TaskId id) {
    return all(sql.run(LOCK, tenant.value(), id.value())).stream().findFirst();
  }

  /// Which tasks a list shows; null for any.
  public record Filter(
      @Nullable TaskState state,
      @Nullable Priority priority,
      @Nullable String label,
      @Nullable String session,
      @Nullable String schedule) {}

  /// Newest first, those before the ordinal.
  public List<TaskRow> list(Sql sql, TenantId tenant, long before, Filter filter, int limit) {
    TaskState state = filter.state();
    Priority priority = filter.priority();
    return all(
        sql.run(
            LIST,
            tenant.value(),
            before,
            state == null ? null : state.wireName(),
            priority == null ? null : priority.wireName(),
            filter.label(),
            filter.session(),
            filter.schedule(),
            limit));
  }

  /// Some tasks of a conversation as they were when the tenant's log had come so far.
  ///
  /// @param position null where the tenant has no log, and so no tasks
  public record Passage(List<TaskRow> tasks, @Nullable LogPosition position) {}

  /// The tasks of a conversation, newest first, up to the ordinal.
  public Passage thread(Sql sql, TenantId tenant, String session, long upTo, int limit) {
    List<TaskRow> tasks = new ArrayList<>();
    LogPosition position = null;
    for (Row row : sql.run(THREAD, tenant.value(), session, upTo, limit)) {
      position = new LogPosition(row.getString("epoch"), row.getLong("seq"));
      if (row.getString("id") != null) {
        tasks.add(TaskRow.of(row));
      }
    }
    return new Passage(tasks, position);
  }

  /// What runs for the tenant, without long texts, newest first.
  public List<TaskRow> running(Sql sql, TenantId tenant) {
    return all(sql.run(RUNNING + " order by started_at desc, ordinal desc", tenant.value()));
  }

  /// The one task of a conversation that runs, without long texts.
  public Optional<TaskRow> running(Sql sql, TenantId tenant, String session) {
    return all(sql.run(RUNNING_IN, tenant.value(), session)).stream().findFirst();
  }

  /// Ends a task that does not run.
  public TaskRow cancel(Sql sql, TaskId id, TaskError why, Instant now) {
    return one(sql.run(CANCEL, id.value(), Json.text(why), now.atOffset(ZoneOffset.UTC)));
  }

  /// Tells the holder of the lease to end the run.
  public TaskRow requestCancel(Sql sql, TaskId id, TaskError why) {
    return one(sql.run(REQUEST_CANCEL, id.value(), Json.text(why)));
  }

  /// Makes ended tasks pending, as if they had never run; attempt numbers go on.
  public List<TaskRow> requeue(Sql sql, Collection<TaskId> ids) {
    return all(sql.run(REQUEUE, (Object) ids.stream().map(TaskId::value).toArray(String[]::new)));
  }

  private static TaskRow one(RowSet<Row> rows) {
    return TaskRow.of(rows.iterator().next());
  }

  /// The rows as tasks, in their order.
  public static List<TaskRow> all(RowSet<Row> rows) {
    List<TaskRow> tasks = new ArrayList<>(rows.size());
    rows.forEach(row -> tasks.add(TaskRow.of(row)));
    return tasks;
  }
}
