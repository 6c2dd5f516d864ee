package dev.flotilla.command.work.agent;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `work_item_tasks`: what each item has been told of its task.
public final class Assignments {
  private static final String ADD =
      """
      insert into work_item_tasks (tenant, task, item_id, agent, start_status, done_status,
        fail_status, told) values ($1, $2, $3, $4, $5, $6, $7, 'pending')
      """;
  private static final String NEWS =
      """
      from work_item_tasks w join tasks t on t.id = w.task and t.tenant = w.tenant
      where not w.over and t.state <> w.told and t.state not in ('pending', 'scheduled', 'retrying')
      """;
  private static final String ALL = "select w.task " + NEWS + " order by w.task limit 100";
  private static final String ONE =
      """
      select w.tenant, w.task, w.item_id, w.agent, w.start_status, w.done_status, w.fail_status,
        t.state, t.result::text as result, t.error::text as error, t.correlation_id
      """
          + NEWS
          + " and w.task = $1 for update of w skip locked";
  private static final String TOLD =
      "update work_item_tasks set told = $3, over = $4 where tenant = $1 and task = $2";

  /// A task that is not any more where its item believes it is.
  record News(
      Assignment of,
      TaskState state,
      @Nullable TaskOutcome result,
      @Nullable TaskError error,
      @Nullable String correlationId) {}

  void add(Sql sql, Assignment assignment) {
    sql.run(
        ADD,
        assignment.tenant().value(),
        assignment.task().value(),
        assignment.item().value(),
        assignment.agent(),
        assignment.policy().start(),
        assignment.policy().done(),
        assignment.policy().fail());
  }

  /// Tasks that their items have to be told of, the oldest first.
  List<TaskId> news(Sql sql) {
    List<TaskId> tasks = new ArrayList<>();
    sql.run(ALL).forEach(row -> tasks.add(new TaskId(row.getString("task"))));
    return tasks;
  }

  /// Nothing where another node tells of it right now, or has.
  Optional<News> news(Sql sql, TaskId task) {
    for (Row row : sql.run(ONE, task.value())) {
      return Optional.of(
          new News(
              assignment(row),
              TaskState.named(row.getString("state")),
              read(row.getString("result"), TaskOutcome.class),
              read(row.getString("error"), TaskError.class),
              row.getString("correlation_id")));
    }
    return Optional.empty();
  }

  void told(Sql sql, News news) {
    sql.run(
        TOLD,
        news.of().tenant().value(),
        news.of().task().value(),
        news.state().wireName(),
        news.state().terminal());
  }

  private static Assignment assignment(Row row) {
    return new Assignment(
        new TenantId(row.getString("tenant")),
        new TaskId(row.getString("task")),
        new ItemId(row.getString("item_id")),
        row.getString("agent"),
        new Assignment.Policy(
            row.getString("start_status"),
            row.getString("done_status"),
            row.getString("fail_status")));
  }

  private static <T> @Nullable T read(@Nullable String json, Class<T> type) {
    return json == null ? null : Json.read(json, type);
  }
}
