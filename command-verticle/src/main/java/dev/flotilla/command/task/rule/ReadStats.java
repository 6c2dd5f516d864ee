package dev.flotilla.command.task.rule;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.QueueResult.LevelStats;
import dev.flotilla.contract.QueueResult.QueueStats;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Says what waits, runs and has failed for a tenant.
public record ReadStats(PauseStore pauses) {
  private static final String LEVELS =
      """
      select priority,
        count(*) filter (where state = 'scheduled') as scheduled,
        count(*) filter (where state = 'pending') as pending,
        count(*) filter (where state = 'retrying') as retrying,
        count(*) filter (where state = 'running') as running,
        (extract(epoch from now() - min(coalesce(due_at, created_at))
          filter (where state = 'pending')) * 1000)::bigint as oldest_ms
      from tasks
      where tenant = $1 and state in ('pending', 'scheduled', 'retrying', 'running')
      group by priority
      """;
  private static final String DEAD =
      "select count(*) from tasks where tenant = $1 and state in ('failed', 'dead')";

  public QueueStats handle(CommandContext context) {
    String tenant = context.tenant().value();
    Map<Priority, LevelStats> found = new EnumMap<>(Priority.class);
    context.sql().run(LEVELS, tenant).forEach(row -> found.put(level(row), stats(row)));
    List<LevelStats> levels = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      levels.add(found.getOrDefault(priority, new LevelStats(priority, 0, 0, 0, 0, null)));
    }
    long dead = context.sql().run(DEAD, tenant).iterator().next().getLong(0);
    return new QueueStats(levels, dead, pauses.of(context.sql(), tenant));
  }

  private static Priority level(Row row) {
    return Priority.named(row.getString("priority"));
  }

  private static LevelStats stats(Row row) {
    Long oldest = row.getLong("oldest_ms");
    return new LevelStats(
        level(row),
        row.getLong("scheduled"),
        row.getLong("pending"),
        row.getLong("retrying"),
        row.getLong("running"),
        oldest == null ? null : Math.max(0, oldest));
  }
}
