package dev.flotilla.command.thread;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.ThreadResult.ThreadHit;
import dev.flotilla.contract.ThreadResult.ThreadView;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The table `threads`, and the search in what was said. A row is written with the tasks of a
/// conversation, by [dev.flotilla.command.task.TaskStore].
public final class ThreadStore {
  private static final String VIEW =
      """
      select thread.id, title, thread.tasks, begun_at, touched_at, last_ordinal, home.instance,
        running.id as running
      from threads as thread
      left join session_homes as home on home.tenant = thread.tenant and home.session = thread.id
      left join tasks as running on running.tenant = thread.tenant and running.session = thread.id
        and running.state = 'running'
      """;
  private static final String LIST =
      VIEW + " where thread.tenant = $1 and last_ordinal < $2 order by last_ordinal desc limit $3";
  private static final String FIND = VIEW + " where thread.tenant = $1 and thread.id = $2";
  private static final String RENAME =
      "update threads set title = $3 where tenant = $1 and id = $2";
  // The excerpts, which take time, are only made of what is on the page.
  private static final String SEARCH =
      """
      select hit.id, hit.session, hit.ordinal, hit.finished_at, thread.title,
        ts_headline('simple', spoken(hit.prompt, hit.result), query,
          'StartSel="", StopSel="", MaxWords=40, MinWords=15, MaxFragments=2') as excerpt
      from websearch_to_tsquery('simple', $2) as query
      cross join lateral (
        select id, tenant, session, ordinal, finished_at, prompt, result from tasks
        where tenant = $1 and session is not null and finished_at is not null
          and ordinal < $3 and ($4::text is null or session = $4)
          and to_tsvector('simple', spoken(prompt, result)) @@ query
        order by ordinal desc limit $5
      ) as hit
      join threads as thread on thread.tenant = hit.tenant and thread.id = hit.session
      order by hit.ordinal desc
      """;
  private static final String FIRST_OPEN =
      """
      select id from tasks where tenant = $1 and session = $2
        and state in ('pending', 'scheduled', 'retrying', 'running')
      order by state = 'running' desc, ordinal limit 1
      """;

  /// A conversation or a message, and where it is in the list.
  record Placed<T>(long position, T item) {}

  List<Placed<ThreadView>> list(Sql sql, TenantId tenant, long before, int limit) {
    List<Placed<ThreadView>> threads = new ArrayList<>();
    sql.run(LIST, tenant.value(), before, limit)
        .forEach(row -> threads.add(new Placed<>(row.getLong("last_ordinal"), view(row))));
    return threads;
  }

  Optional<ThreadView> find(Sql sql, TenantId tenant, String thread) {
    RowSet<Row> rows = sql.run(FIND, tenant.value(), thread);
    return rows.size() == 0 ? Optional.empty() : Optional.of(view(rows.iterator().next()));
  }

  /// False where there is no such conversation.
  boolean rename(Sql sql, TenantId tenant, String thread, String title) {
    return sql.run(RENAME, tenant.value(), thread, title).rowCount() == 1;
  }

  List<Placed<ThreadHit>> search(
      Sql sql, TenantId tenant, String words, long before, @Nullable String thread, int limit) {
    List<Placed<ThreadHit>> hits = new ArrayList<>();
    sql.run(SEARCH, tenant.value(), words, before, thread, limit)
        .forEach(row -> hits.add(new Placed<>(row.getLong("ordinal"), hit(row))));
    return hits;
  }

  /// The message that is being answered, or the first that waits.
  Optional<TaskId> firstOpen(Sql sql, TenantId tenant, String thread) {
    RowSet<Row> rows = sql.run(FIRST_OPEN, tenant.value(), thread);
    return rows.size() == 0
        ? Optional.empty()
        : Optional.of(new TaskId(rows.iterator().next().getString("id")));
  }

  private static ThreadView view(Row row) {
    String instance = row.getString("instance");
    String running = row.getString("running");
    return new ThreadView(
        row.getString("id"),
        row.getString("title"),
        instance == null ? null : new InstanceId(instance),
        row.getLong("tasks"),
        running == null ? null : new TaskId(running),
        row.getOffsetDateTime("begun_at").toInstant(),
        row.getOffsetDateTime("touched_at").toInstant());
  }

  private static ThreadHit hit(Row row) {
    return new ThreadHit(
        row.getString("session"),
        row.getString("title"),
        new TaskId(row.getString("id")),
        row.getOffsetDateTime("finished_at").toInstant(),
        row.getString("excerpt"));
  }
}
