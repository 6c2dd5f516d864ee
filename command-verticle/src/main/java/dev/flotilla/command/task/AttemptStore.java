package dev.flotilla.command.task;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AttemptOutcome;
import dev.flotilla.contract.QueueResult.AttemptView;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The table `task_attempts`: every lease of a task, kept as long as the task.
public final class AttemptStore {
  private static final String BEGIN =
      """
      with earlier as (
        update task_attempts set ended_at = $7, outcome = $8
        where task = $1 and number < $2 and ended_at is null
      )
      insert into task_attempts (task, number, tenant, node, instance, run_id, started_at)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing
      """;
  private static final String END =
      """
      update task_attempts set ended_at = $3, outcome = $4, reason = $5, message = $6,
        duration_ms = $7, input_tokens = $8, output_tokens = $9, cost_usd = $10
      where task = $1 and number = $2 and ended_at is null
      """;
  private static final String OF_TASK =
      "select * from task_attempts where task = $1 order by number";

  /// How an attempt ended.
  ///
  /// @param error why it brought nothing
  public record End(
      AttemptOutcome outcome, @Nullable TaskError error, @Nullable TaskOutcome result) {}

  /// The claimed task's attempt begins. One before it that has not ended was lost, or handed over.
  public void begin(
      Sql sql, Effects effects, TaskRow claimed, Instant now, AttemptOutcome earlier) {
    effects.sent(
        sql.send(
            BEGIN,
            claimed.id().value(),
            claimed.attempt(),
            claimed.tenant().value(),
            Objects.requireNonNull(claimed.leaseNode()).value(),
            Objects.requireNonNull(claimed.runInstance()).value(),
            claimed.runId(),
            now.atOffset(ZoneOffset.UTC),
            earlier.wireName()));
  }

  public void end(Sql sql, Effects effects, TaskId task, int number, End end, Instant now) {
    TaskError error = end.error();
    TaskOutcome result = end.result();
    effects.sent(
        sql.send(
            END,
            task.value(),
            number,
            now.atOffset(ZoneOffset.UTC),
            end.outcome().wireName(),
            error == null ? null : error.reason(),
            error == null ? null : error.message(),
            result == null ? null : result.durationMs(),
            result == null ? null : result.inputTokens(),
            result == null ? null : result.outputTokens(),
            result == null ? null : result.costUsd()));
  }

  public List<AttemptView> of(Sql sql, TaskId task) {
    List<AttemptView> attempts = new ArrayList<>();
    sql.run(OF_TASK, task.value()).forEach(row -> attempts.add(view(row)));
    return attempts;
  }

  private static AttemptView view(Row row) {
    OffsetDateTime ended = row.getOffsetDateTime("ended_at");
    String outcome = row.getString("outcome");
    String reason = row.getString("reason");
    return new AttemptView(
        row.getInteger("number"),
        new NodeId(row.getString("node")),
        new InstanceId(row.getString("instance")),
        row.getString("run_id"),
        row.getOffsetDateTime("started_at").toInstant(),
        ended == null ? null : ended.toInstant(),
        outcome == null ? null : AttemptOutcome.named(outcome),
        reason == null ? null : new TaskError(reason, String.valueOf(row.getString("message"))),
        row.getLong("duration_ms"),
        row.getLong("input_tokens"),
        row.getLong("output_tokens"),
        row.getDouble("cost_usd"));
  }
}
