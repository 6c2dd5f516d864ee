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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The table `task_attempts`: every lease of a task, kept as long as the task.
public final class AttemptStore {
  private static final String BEGIN =
      """
      insert into task_attempts (task, number, tenant, node, instance, run_id, started_at)
      select begun.*, $7
      from unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[]) as begun
      on conflict do nothing
      """;
  private static final String END_EARLIER =
      """
      update task_attempts set ended_at = $4, outcome = how
      from unnest($1::text[], $2::int[], $3::text[]) as started (of_task, begun, how)
      where task = of_task and number < begun and ended_at is null
      """;
  private static final String END =
      """
      update task_attempts set ended_at = $3, outcome = how, reason = why, message = words,
        duration_ms = took_ms, input_tokens = tokens_in, output_tokens = tokens_out,
        cost_usd = usd
      from unnest($1::text[], $2::int[], $4::text[], $5::text[], $6::text[], $7::bigint[],
          $8::bigint[], $9::bigint[], $10::float8[])
        as ending (of_task, attempt, how, why, words, took_ms, tokens_in, tokens_out, usd)
      where task = of_task and number = attempt and ended_at is null
      """;
  private static final String OF_TASK =
      "select * from task_attempts where task = $1 order by number";

  /// A claimed task's attempt.
  ///
  /// @param earlier what became of one before it that has not ended
  public record Begun(TaskRow claimed, AttemptOutcome earlier) {}

  /// How an attempt ended.
  ///
  /// @param error why it brought nothing
  public record End(
      TaskId task,
      int number,
      AttemptOutcome outcome,
      @Nullable TaskError error,
      @Nullable TaskOutcome result) {}

  public void begin(Sql sql, Effects effects, List<Begun> begun, Instant now) {
    effects.sent(
        sql.send(
            BEGIN,
            texts(begun, start -> start.claimed().id().value()),
            numbers(begun, start -> start.claimed().attempt()),
            texts(begun, start -> start.claimed().tenant().value()),
            texts(begun, start -> Objects.requireNonNull(start.claimed().leaseNode()).value()),
            texts(begun, start -> Objects.requireNonNull(start.claimed().runInstance()).value()),
            texts(begun, start -> start.claimed().runId()),
            now.atOffset(ZoneOffset.UTC)));
    List<Begun> again = begun.stream().filter(start -> start.claimed().attempt() > 1).toList();
    if (!again.isEmpty()) {
      effects.sent(
          sql.send(
              END_EARLIER,
              texts(again, start -> start.claimed().id().value()),
              numbers(again, start -> start.claimed().attempt()),
              texts(again, start -> start.earlier().wireName()),
              now.atOffset(ZoneOffset.UTC)));
    }
  }

  public void end(Sql sql, Effects effects, List<End> ends, Instant now) {
    effects.sent(
        sql.send(
            END,
            texts(ends, end -> end.task().value()),
            numbers(ends, End::number),
            now.atOffset(ZoneOffset.UTC),
            texts(ends, end -> end.outcome().wireName()),
            texts(ends, end -> end.error() == null ? null : end.error().reason()),
            texts(ends, end -> end.error() == null ? null : end.error().message()),
            amounts(ends, TaskOutcome::durationMs),
            amounts(ends, TaskOutcome::inputTokens),
            amounts(ends, TaskOutcome::outputTokens),
            ends.stream()
                .map(end -> end.result() == null ? null : end.result().costUsd())
                .toArray(Double[]::new)));
  }

  private static <T> Object texts(List<T> all, Function<T, @Nullable String> text) {
    return all.stream().map(text).toArray(String[]::new);
  }

  private static <T> Object numbers(List<T> all, Function<T, Integer> number) {
    return all.stream().map(number).toArray(Integer[]::new);
  }

  private static Object amounts(List<End> ends, Function<TaskOutcome, @Nullable Long> amount) {
    return ends.stream()
        .map(end -> end.result() == null ? null : amount.apply(end.result()))
        .toArray(Long[]::new);
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
