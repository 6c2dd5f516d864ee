package dev.flotilla.command.work.item;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/// The children of one parent, or a project's items without one, in their order. Deleted ones keep
/// their rank, and none may get it meanwhile. To be used under the lock of the project's order.
///
/// @param item one that finds its place; it does not count itself
record Siblings(Sql sql, TenantId tenant, ProjectId project, @Nullable ItemId parent, ItemId item) {
  private static final String OF =
      """
      from work_items where tenant = $1 and project_id = $2 and coalesce(parent_id, '') = $3
      and id <> $4
      """;
  private static final String LAST = "select max(rank) as rank " + OF;
  private static final String FIRST = "select min(rank) as rank " + OF;
  private static final String NEXT = FIRST + " and rank > $5";
  private static final String AT =
      "select rank " + OF + " and deleted_at is null order by rank offset $5 limit 1";
  private static final String HAS = "select rank " + OF + " and rank = $5";
  private static final String ONE = "select rank " + OF + " and deleted_at is null and id = $5";

  String atEnd() {
    return Rank.between(rank(LAST), null);
  }

  /// @param position from 0; where there are not so many, the end
  String at(int position) {
    if (position == 0) {
      return Rank.between(null, rank(FIRST));
    }
    String before = rank(AT, position - 1);
    return before == null ? atEnd() : rightAfter(before);
  }

  /// The rank itself, or one right after it where a sibling has it.
  String with(String rank) {
    return rank(HAS, rank) == null ? rank : rightAfter(rank);
  }

  String after(ItemId sibling) {
    String before = rank(ONE, sibling.value());
    if (before == null) {
      throw Fault.invalid("afterId", "'" + sibling + "' is no child of that parent.").asException();
    }
    return rightAfter(before);
  }

  private String rightAfter(String before) {
    return Rank.between(before, rank(NEXT, before));
  }

  private @Nullable String rank(String statement, Object... more) {
    Object[] arguments = new Object[4 + more.length];
    arguments[0] = tenant.value();
    arguments[1] = project.value();
    arguments[2] = parent == null ? "" : parent.value();
    arguments[3] = item.value();
    System.arraycopy(more, 0, arguments, 4, more.length);
    for (Row row : sql.run(statement, arguments)) {
      return row.getString("rank");
    }
    return null;
  }

  /// Where the item would be a part of itself, or of an item of another project: a fault.
  static void requireParent(Sql sql, TenantId tenant, ItemId item, WorkItem parent, ProjectId in) {
    if (!parent.projectId().equals(in)) {
      throw Fault.invalid("parentId", "'" + parent.id() + "' is in another project.").asException();
    }
    for (Row row :
        sql.run(
            """
            with recursive above (id, parent_id) as (
              select id, parent_id from work_items where tenant = $1 and id = $2
              union
              select i.id, i.parent_id from work_items i join above on i.id = above.parent_id
              where i.tenant = $1
            )
            select exists(select 1 from above where id = $3)
            """,
            tenant.value(),
            parent.id().value(),
            item.value())) {
      if (row.getBoolean(0)) {
        throw Fault.invalid("parentId", "'" + item + "' would be a part of itself.").asException();
      }
    }
  }
}
