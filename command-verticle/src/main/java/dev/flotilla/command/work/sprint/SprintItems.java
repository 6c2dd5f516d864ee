package dev.flotilla.command.work.sprint;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.SprintStats;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.identity.SprintId;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/// The items of a sprint, and what they add up to.
final class SprintItems {
  private static final String IDS =
      """
      select id from work_items where tenant = $1 and sprint_id = $2 and deleted_at is null
      order by ordinal for update
      """;
  private static final String FORGET =
      """
      update work_items set sprint_id = null
      where tenant = $1 and sprint_id = $2 and deleted_at is not null
      """;
  private static final String SPENT =
      """
      select coalesce(sum(e.duration_seconds), 0)::bigint as seconds
      from time_entries e join work_items i on i.tenant = e.tenant and i.id = e.work_item_id
      where i.tenant = $1 and i.sprint_id = $2 and i.deleted_at is null and e.deleted_at is null
      """;

  private SprintItems() {}

  static List<WorkItem> lock(SprintId sprint, CommandContext context) {
    List<String> ids = new ArrayList<>();
    context
        .sql()
        .run(IDS, context.tenant().value(), sprint.value())
        .forEach(row -> ids.add(row.getString("id")));
    return Tables.ITEMS.all(context.sql(), context.tenant(), ids);
  }

  /// Items that are hidden are restored into the backlog: nobody has to be told of that now.
  static void forgetHidden(SprintId sprint, CommandContext context) {
    context.sql().run(FORGET, context.tenant().value(), sprint.value());
  }

  static SprintStats stats(
      SprintId sprint, Project project, List<WorkItem> items, CommandContext context) {
    List<WorkItem> completed = items.stream().filter(item -> isDone(item, project)).toList();
    Row spent =
        context.sql().run(SPENT, context.tenant().value(), sprint.value()).iterator().next();
    return new SprintStats(
        items.size(), completed.size(), points(items), points(completed), spent.getLong("seconds"));
  }

  static boolean isDone(WorkItem item, Project project) {
    return project.doneStatuses().contains(item.status());
  }

  private static double points(List<WorkItem> items) {
    return items.stream()
        .mapToDouble(item -> item.storyPoints() == null ? 0 : item.storyPoints())
        .sum();
  }
}
