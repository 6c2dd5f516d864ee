package dev.flotilla.command.work.entity;

import dev.flotilla.contract.Comment;
import dev.flotilla.contract.Dependency;
import dev.flotilla.contract.Sprint;
import dev.flotilla.contract.TimeEntry;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.Project;
import java.util.Map;

/// The tables of tracked work.
public final class Tables {
  /// The place among the siblings is counted, not kept: so a move rewrites no other row.
  private static final String POSITION =
      """
      (select count(*) from work_items s where s.tenant = t.tenant and s.project_id = t.project_id
       and coalesce(s.parent_id, '') = coalesce(t.parent_id, '') and s.deleted_at is null
       and s.rank < t.rank)\
      """;

  public static final Table<Project> PROJECTS =
      new Table<>("project", "projects", Project.class, Map.of());
  public static final Table<Sprint> SPRINTS =
      new Table<>("sprint", "sprints", Sprint.class, Map.of());
  public static final Table<WorkItem> ITEMS =
      new Table<>("work item", "work_items", WorkItem.class, Map.of("position", POSITION));
  public static final Table<Comment> COMMENTS =
      new Table<>("comment", "comments", Comment.class, Map.of());
  public static final Table<TimeEntry> TIMES =
      new Table<>("time entry", "time_entries", TimeEntry.class, Map.of());
  public static final Table<Dependency> DEPENDENCIES =
      new Table<>("dependency", "dependencies", Dependency.class, Map.of());

  private Tables() {}
}
