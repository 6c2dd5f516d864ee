package dev.flotilla.command.ops;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.task.GetTask;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.OpsResult.TaskPosition;
import dev.flotilla.contract.Result.TaskView;
import dev.flotilla.contract.TaskState;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/// Where a waiting task is in its queue, and about how long it still waits.
///
/// What comes before it: waiting tasks of a higher level, and those of its own level that are
/// older. Tenants take turns inside a level, so a tenant with few tasks is faster than that. The
/// pace is that of the last five minutes.
public record FindPosition(GetTask getTask) {
  private static final String AHEAD =
      """
      with asked as (
        select ordinal, array_position(array['critical', 'high', 'medium', 'low'], priority) as level
        from tasks where id = $1
      ), started as (
        select count(*) as starts, extract(epoch from now() - min(started_at)) * 1000 as span
        from task_attempts where started_at > now() - interval '5 minutes'
      )
      select
        (select count(*) from tasks t, asked where t.state in ('pending', 'retrying')
          and (t.due_at is null or t.due_at <= now()) and t.open_needs = 0
          and (array_position(array['critical', 'high', 'medium', 'low'], t.priority) < asked.level
            or (t.priority = (select priority from tasks where id = $1)
              and t.ordinal < asked.ordinal))) as ahead,
        started.starts, coalesce(started.span, 0)::float8 as span
      from started
      """;

  public TaskPosition handle(OpsCommand.TaskPosition command, CommandContext context) {
    TaskView task = getTask.handle(new Command.TaskGet(command.id()), context);
    boolean waits = task.state() == TaskState.PENDING || task.state() == TaskState.RETRYING;
    if (!waits) {
      return new TaskPosition(task.id(), task.state(), null, null, task.waitReason());
    }
    Row row = context.sql().run(AHEAD, task.id().value()).iterator().next();
    int ahead = Math.toIntExact(row.getLong("ahead"));
    return new TaskPosition(
        task.id(),
        task.state(),
        ahead,
        estimate(ahead, row.getLong("starts"), row.getDouble("span")),
        task.waitReason());
  }

  /// One start says nothing of a pace.
  private static @Nullable Long estimate(int ahead, long starts, double spanMs) {
    return starts < 2 ? null : Long.valueOf(Math.round((ahead + 1) * spanMs / starts));
  }
}
