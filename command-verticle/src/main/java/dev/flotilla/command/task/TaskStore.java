package dev.flotilla.command.task;

import dev.flotilla.command.store.Sql;
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
  // One statement for as many as there are: what a statement costs by itself is more than a row.
  private static final String INSERT =
      """
      insert into tasks (id, tenant, state, priority, prompt, session, capabilities, labels,
        timeout_ms, max_attempts, created_by, correlation_id, created_at, updated_at, due_at,
        deadline, retry_delay_ms, retry_max_ms, final_errors, limit_key, key_running, key_starts,
        key_per_ms, after_tasks, after_failure, open_needs, needed, schedule, wait_reason, trace)
      select id, $2, state, priority, prompt, session, capabilities, labels, timeout_ms,
        max_attempts, $3, $4, $5, $5, to_timestamp(due_at / 1e3), to_timestamp(deadline / 1e3),
        retry_delay_ms, retry_max_ms, final_errors, limit_key, key_running, key_starts, key_per_ms, after_tasks, after_failure, open_needs,
        needed, $6, wait_reason, $7
      from rows from (json_to_recordset($1::text::json) as (id text, state text, priority text,
        prompt text, session text, capabilities text[], labels text[], timeout_ms bigint,
        max_attempts int, due_at bigint, deadline bigint, retry_delay_ms bigint,
        retry_max_ms bigint, final_errors text[], limit_key text, key_running int,
        key_starts int, key_per_ms bigint, after_tasks text[], after_failure text,
        open_needs int, needed boolean, wait_reason text))
        with ordinality
      order by ordinality
      returning
      """
          + TaskRow.COLUMNS;

  // What the tasks have added to their conversations. Rows in the order of their names, so that two
  // transactions take their locks in the same order.
  private static final String TOUCH_THREADS =
      """
      insert into threads (tenant, id, title, tasks, last_ordinal, begun_at, touched_at)
      select tenant, session, left((array_agg(prompt order by ordinal))[1], 120), count(*),
        max(ordinal), min(created_at), max(created_at)
      from tasks where id = any($1) and session is not null
      group by tenant, session order by tenant, session
      on conflict (tenant, id) do update set tasks = threads.tasks + excluded.tasks,
        last_ordinal = greatest(threads.last_ordinal, excluded.last_ordinal),
        touched_at = greatest(threads.touched_at, excluded.touched_at)
      """;

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
      with requeued as (
      update tasks set state = 'pending', failures = 0, run_id = null, run_instance = null,
        run_session = null, result = null, error = null, due_at = null, wait_reason = null,
        cancel_requested = false, started_at = null, finished_at = null, open_needs = 0,
        deadline = case when deadline > now() then deadline end, updated_at = now()
      where id = any($1) and state in ('failed', 'dead', 'cancelled', 'expired') returning
      """
          + TaskRow.COLUMNS
          + """
          ), followed as (
            update work_item_tasks set over = false, told = 'pending'
            where task in (select id from requeued)
          ), touched as (
            update threads set touched_at = now() from requeued
            where threads.tenant = requeued.tenant and threads.id = requeued.session
          )
          select * from requeued
          """;

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

  /// Writes new tasks, all of one author and schedule. Their order is that of the list.
  public Future<List<TaskRow>> insert(
      Sql sql, List<TaskDraft> drafts, Author author, @Nullable String schedule) {
    return sql.send(
            INSERT,
            Json.text(drafts.stream().map(NewRow::of).toList()),
            author.tenant().value(),
            author.user(),
            author.correlationId(),
            author.at().atOffset(ZoneOffset.UTC),
            schedule,
            author.trace())
        .map(TaskStore::all);
  }

  /// To be sent behind [#insert] of the same tasks, where any of them belongs to a conversation.
  public Future<RowSet<Row>> touchThreads(Sql sql, List<TaskDraft> drafts) {
    return sql.send(
        TOUCH_THREADS,
        (Object) drafts.stream().map(draft -> draft.id().value()).toArray(String[]::new));
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

  /// Makes ended tasks pending, as if they had never run; attempt numbers go on. Whoever follows
  /// them, an item or a conversation, follows them again.
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
