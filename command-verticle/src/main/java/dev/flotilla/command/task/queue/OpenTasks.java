package dev.flotilla.command.task.queue;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.identity.TaskId;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The rows of `tasks` that belong into the queue.
final class OpenTasks {
  // As in the partial index tasks_open. What waits for other tasks is not in the queue.
  private static final String OPEN =
      "state in ('pending', 'scheduled', 'retrying', 'running') and open_needs = 0";

  private static final String PAGE =
      "select "
          + TaskRow.BRIEF
          + " from tasks where "
          + OPEN
          + " and ordinal > $1 order by ordinal limit $2";
  private static final String RESTLESS =
      "select "
          + TaskRow.BRIEF
          + " from tasks where "
          + OPEN
          + """
           and (updated_at between now() - $1::bigint * interval '1 millisecond'
                               and now() - $2::bigint * interval '1 millisecond'
             or (state = 'running' and lease_until < now()))
          order by ordinal limit $3
          """;
  private static final String WHICH = "select id from tasks where " + OPEN + " and id = any($1)";

  private OpenTasks() {}

  static List<TaskRow> page(Sql sql, long after, int limit) {
    return TaskStore.all(sql.run(PAGE, after, limit));
  }

  /// Tasks that changed between the two ages, or whose lease has ended: where a crash between
  /// PostgreSQL and Redis would show.
  static List<TaskRow> restless(Sql sql, Duration oldest, Duration youngest, int limit) {
    return TaskStore.all(sql.run(RESTLESS, oldest.toMillis(), youngest.toMillis(), limit));
  }

  /// Those of the tasks that are open.
  static Set<TaskId> which(Sql sql, Collection<TaskId> tasks) {
    String[] ids = tasks.stream().map(TaskId::value).toArray(String[]::new);
    Set<TaskId> open = new HashSet<>();
    sql.run(WHICH, (Object) ids).forEach(row -> open.add(new TaskId(row.getString("id"))));
    return open;
  }
}
