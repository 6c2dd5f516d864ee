package dev.flotilla.command.task;

import dev.flotilla.contract.AfterFailure;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A row of the table `tasks`.
///
/// @param failures attempts that count against maxAttempts
/// @param attempt fencing number
/// @param leaseMs how long the lease is still good, 0 where it has ended, by PostgreSQL's clock
/// @param dueMs how long until the task may start, 0 where it may, by PostgreSQL's clock
/// @param overdue its deadline has passed, by PostgreSQL's clock
/// @param retry null for what the fleet does for every task
/// @param limits what it shares with the tenant's other tasks of its key
/// @param openNeeds of the tasks that it waits for, those that have not ended
/// @param needed others wait for it
/// @param runId the run that may be going on at runInstance; null where certainly none is
public record TaskRow(
    TaskId id,
    TenantId tenant,
    long ordinal,
    TaskState state,
    Priority priority,
    String prompt,
    @Nullable String session,
    List<String> capabilities,
    List<String> labels,
    long timeoutMs,
    int maxAttempts,
    int failures,
    int attempt,
    @Nullable NodeId leaseNode,
    long leaseMs,
    long dueMs,
    @Nullable String runId,
    @Nullable InstanceId runInstance,
    @Nullable String runSession,
    @Nullable String waitReason,
    boolean cancelRequested,
    @Nullable TaskOutcome result,
    @Nullable TaskError error,
    String createdBy,
    @Nullable String correlationId,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant dueAt,
    @Nullable Instant deadline,
    boolean overdue,
    Command.@Nullable Retry retry,
    @Nullable KeyLimits limits,
    List<TaskId> after,
    @Nullable AfterFailure afterFailure,
    int openNeeds,
    boolean needed,
    @Nullable String schedule,
    @Nullable String trace) {

  /// What tasks of one key share.
  ///
  /// @param running of them at the same time; 0 for any number
  /// @param starts of them within `perMs`; 0 for any number
  public record KeyLimits(String key, int running, int starts, long perMs) {}

  /// What every statement selects or returns.
  public static final String COLUMNS =
      """
      id, tenant, ordinal, state, priority, prompt, session, capabilities, labels, timeout_ms,
      max_attempts, failures, attempt, lease_node, run_id, run_instance, run_session, wait_reason,
      cancel_requested, result::text as result, error::text as error, created_by, correlation_id,
      created_at, started_at, finished_at, due_at, deadline,
      coalesce(deadline <= now(), false) as overdue, retry_delay_ms, retry_max_ms, final_errors,
      limit_key, key_running, key_starts, key_per_ms, after_tasks, after_failure, open_needs, needed,
      schedule, trace,
      greatest(0, coalesce(ceil(extract(epoch from lease_until - now()) * 1000), 0))::bigint as lease_ms,
      greatest(0, coalesce(ceil(extract(epoch from due_at - now()) * 1000), 0))::bigint as due_ms
      """;

  /// The same without long texts, for statements that read many rows.
  public static final String BRIEF =
      COLUMNS
          .replace("prompt,", "'' as prompt,")
          .replace("result::text as result", "null::text as result");

  public static TaskRow of(Row row) {
    String leaseNode = row.getString("lease_node");
    String instance = row.getString("run_instance");
    String result = row.getString("result");
    String error = row.getString("error");
    return new TaskRow(
        new TaskId(row.getString("id")),
        new TenantId(row.getString("tenant")),
        row.getLong("ordinal"),
        TaskState.named(row.getString("state")),
        Priority.named(row.getString("priority")),
        row.getString("prompt"),
        row.getString("session"),
        List.of(row.getArrayOfStrings("capabilities")),
        List.of(row.getArrayOfStrings("labels")),
        row.getLong("timeout_ms"),
        row.getInteger("max_attempts"),
        row.getInteger("failures"),
        row.getInteger("attempt"),
        leaseNode == null ? null : new NodeId(leaseNode),
        row.getLong("lease_ms"),
        row.getLong("due_ms"),
        row.getString("run_id"),
        instance == null ? null : new InstanceId(instance),
        row.getString("run_session"),
        row.getString("wait_reason"),
        row.getBoolean("cancel_requested"),
        result == null ? null : Json.read(result, TaskOutcome.class),
        error == null ? null : Json.read(error, TaskError.class),
        row.getString("created_by"),
        row.getString("correlation_id"),
        row.getOffsetDateTime("created_at").toInstant(),
        instant(row.getOffsetDateTime("started_at")),
        instant(row.getOffsetDateTime("finished_at")),
        instant(row.getOffsetDateTime("due_at")),
        instant(row.getOffsetDateTime("deadline")),
        row.getBoolean("overdue"),
        retry(row),
        limits(row),
        Arrays.stream(row.getArrayOfStrings("after_tasks")).map(TaskId::new).toList(),
        row.getString("after_failure") == null
            ? null
            : AfterFailure.named(row.getString("after_failure")),
        row.getInteger("open_needs"),
        row.getBoolean("needed"),
        row.getString("schedule"),
        row.getString("trace"));
  }

  private static Command.@Nullable Retry retry(Row row) {
    Long delay = row.getLong("retry_delay_ms");
    Long longest = row.getLong("retry_max_ms");
    List<String> errors = List.of(row.getArrayOfStrings("final_errors"));
    return delay == null && longest == null && errors.isEmpty()
        ? null
        : new Command.Retry(delay, longest, errors);
  }

  private static @Nullable KeyLimits limits(Row row) {
    String key = row.getString("limit_key");
    return key == null
        ? null
        : new KeyLimits(
            key,
            Objects.requireNonNullElse(row.getInteger("key_running"), 0),
            Objects.requireNonNullElse(row.getInteger("key_starts"), 0),
            Objects.requireNonNullElse(row.getLong("key_per_ms"), 0L));
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }

  public TaskView view() {
    return new TaskView(
        id,
        state,
        priority,
        prompt,
        session,
        capabilities,
        labels,
        attempt,
        maxAttempts,
        runInstance,
        waitReason,
        result,
        error,
        createdBy,
        createdAt,
        startedAt,
        finishedAt,
        state.terminal() ? null : dueAt,
        deadline,
        limits == null ? null : limits.key(),
        after.isEmpty() ? null : after,
        schedule);
  }
}
