package dev.flotilla.command.task.dead;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of `tasks` that are dead letters: failed and dead ones.
public final class DeadLetterStore {
  private static final String WHERE =
      """
       from tasks where tenant = $1 and state in ('failed', 'dead')
        and ($2::text[] is null or id = any($2))
        and ($3::text is null or error->>'reason' = $3)
        and ($4::text is null or priority = $4)
        and ($5::text is null or $5 = any(labels))
        and ($6::text is null or session = $6)
        and ($7::text is null or schedule = $7)
        and ($8::timestamptz is null or finished_at >= $8)
        and ($9::timestamptz is null or finished_at < $9)
      """;
  private static final String LIST =
      "select " + TaskRow.COLUMNS + WHERE + " and ordinal < $10 order by ordinal desc limit $11";
  private static final String COUNT = "select count(*)" + WHERE;
  private static final String IDS = "select id" + WHERE + " order by ordinal limit $10";
  private static final String LOCK = IDS + " for update";

  // One statement, so that what is counted is what is deleted.
  private static final String PURGE =
      "with doomed as (select id"
          + WHERE
          + """
           for update)
          delete from tasks
          where id in (select id from doomed) and (select count(*) from doomed) = $10
          returning
          """
          + TaskRow.BRIEF;

  List<TaskRow> list(Sql sql, TenantId tenant, DeadLetters which, long before, int limit) {
    return TaskStore.all(sql.run(LIST, arguments(tenant, which, before, limit)));
  }

  long count(Sql sql, TenantId tenant, DeadLetters which) {
    return sql.run(COUNT, arguments(tenant, which)).iterator().next().getLong(0);
  }

  /// Oldest first.
  List<TaskId> ids(Sql sql, TenantId tenant, DeadLetters which, int limit) {
    return ids(sql, IDS, tenant, which, limit);
  }

  /// The same, and nobody else changes them until the transaction ends.
  List<TaskId> lock(Sql sql, TenantId tenant, DeadLetters which, int limit) {
    return ids(sql, LOCK, tenant, which, limit);
  }

  private static List<TaskId> ids(
      Sql sql, String statement, TenantId tenant, DeadLetters which, int limit) {
    return sql.run(statement, arguments(tenant, which, limit)).stream()
        .map(row -> new TaskId(row.getString("id")))
        .toList();
  }

  /// Deletes them if there are so many.
  ///
  /// @return those that were deleted, without long texts: that many or none
  List<TaskRow> purge(Sql sql, TenantId tenant, DeadLetters which, long confirmed) {
    return TaskStore.all(sql.run(PURGE, arguments(tenant, which, confirmed)));
  }

  private static @Nullable Object[] arguments(TenantId tenant, DeadLetters which, Object... more) {
    @Nullable Object[] all = new @Nullable Object[9 + more.length];
    all[0] = tenant.value();
    all[1] = which.idTexts();
    all[2] = which.reason();
    all[3] = which.priorityText();
    all[4] = which.label();
    all[5] = which.session();
    all[6] = which.schedule();
    all[7] = which.sinceTime();
    all[8] = which.untilTime();
    System.arraycopy(more, 0, all, 9, more.length);
    return all;
  }
}
