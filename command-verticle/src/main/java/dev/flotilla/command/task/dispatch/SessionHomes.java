package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `session_homes`: on which instance each conversation is. Whoever places the next task
/// of one finds it there, whatever nodes have died meanwhile.
public final class SessionHomes {
  private static final String OF_TASKS =
      """
      select asked.id, home.instance
      from unnest($1::text[], $2::text[], $3::text[]) as asked (id, tenant, session)
      join session_homes home on home.tenant = asked.tenant and home.session = asked.session
      """;
  private static final String FIND =
      "select instance from session_homes where tenant = $1 and session = $2";
  private static final String SETTLE =
      """
      insert into session_homes as home (tenant, session, instance, since)
      values ($1, $2, $3, $4)
      on conflict (tenant, session)
      do update set instance = $3, since = $4, moves = home.moves + 1 where home.instance <> $3
      """;

  /// The homes of those tasks whose conversation has one.
  Map<TaskId, InstanceId> of(Sql sql, Collection<TaskRow> tasks) {
    List<TaskRow> talks = tasks.stream().filter(task -> task.session() != null).toList();
    Map<TaskId, InstanceId> homes = new HashMap<>();
    if (!talks.isEmpty()) {
      sql.run(
              OF_TASKS,
              talks.stream().map(task -> task.id().value()).toArray(String[]::new),
              talks.stream().map(task -> task.tenant().value()).toArray(String[]::new),
              talks.stream().map(TaskRow::session).toArray(String[]::new))
          .forEach(
              row ->
                  homes.put(
                      new TaskId(row.getString("id")), new InstanceId(row.getString("instance"))));
    }
    return homes;
  }

  public @Nullable InstanceId find(Sql sql, TenantId tenant, String session) {
    var rows = sql.run(FIND, tenant.value(), session).iterator();
    return rows.hasNext() ? new InstanceId(rows.next().getString("instance")) : null;
  }

  /// The conversation is there from now on.
  void settle(Sql sql, Effects effects, TaskRow task, InstanceId instance, Instant now) {
    if (task.session() != null) {
      effects.sent(
          sql.send(
              SETTLE,
              task.tenant().value(),
              task.session(),
              instance.value(),
              now.atOffset(ZoneOffset.UTC)));
    }
  }
}
