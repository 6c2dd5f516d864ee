package dev.flotilla.command.work.comment;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.entity.Edit;
import dev.flotilla.command.work.entity.Own;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Table.Filter;
import dev.flotilla.command.work.entity.Table.Page;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.Comment;
import dev.flotilla.contract.CommentFact;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkItem;
import dev.flotilla.contract.WorkResult.CommentPage;
import dev.flotilla.contract.WorkResult.WorkRemoved;
import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.ItemId;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/// Comments on work items.
public record CommentDesk(Clock clock) {

  public Comment handle(WorkCommand.CommentAdd command, CommandContext context) {
    WorkItem item = item(command.workItemId(), context);
    Comment comment =
        new Comment(
            Objects.requireNonNullElseGet(command.id(), () -> new CommentId(Ids.next(clock))),
            item.id(),
            command.content(),
            context.now(),
            context.principal().user(),
            null,
            1L);
    Tables.COMMENTS.insert(context.sql(), context.tenant(), comment);
    context.record(new CommentFact.Added(item.projectId(), item.sprintId(), comment));
    return comment;
  }

  public CommentPage handle(WorkCommand.CommentList command, CommandContext context) {
    item(command.workItemId(), context);
    Page<Comment> page =
        Tables.COMMENTS.page(
            context.sql(),
            context.tenant(),
            List.of(Filter.equal("work_item_id", command.workItemId())),
            false,
            command.limit(),
            command.cursor());
    return new CommentPage(page.items(), page.next());
  }

  public Comment handle(WorkCommand.CommentUpdate command, CommandContext context) {
    Comment before = Tables.COMMENTS.lock(context.sql(), context.tenant(), command.id().value());
    Own.require(before.createdBy(), context);
    Edit.requireRevision("comment", command.revision(), before.revision());
    WorkItem item = item(before.workItemId(), context);
    Edit<Comment> edit = Edit.of(before, command, context);
    if (!edit.isEmpty()) {
      Tables.COMMENTS.update(context, command.id().value(), edit.after());
      Stamps.COMMENTS.set(before.id(), edit.changes(), context);
      context.record(new CommentFact.Updated(item.projectId(), item.sprintId(), edit.after()));
    }
    return edit.after();
  }

  public WorkRemoved handle(WorkCommand.CommentDelete command, CommandContext context) {
    String id = command.id().value();
    Comment comment = Tables.COMMENTS.lock(context.sql(), context.tenant(), id);
    Own.requireOrAdmin(comment.createdBy(), context);
    WorkItem item = item(comment.workItemId(), context);
    Tables.COMMENTS.delete(
        context.sql(), context.tenant(), List.of(id), context.now(), context.principal().user());
    context.record(
        new CommentFact.Deleted(item.projectId(), item.sprintId(), item.id(), comment.id()));
    return new WorkRemoved(id);
  }

  private static WorkItem item(ItemId id, CommandContext context) {
    return Tables.ITEMS.get(context.sql(), context.tenant(), id.value());
  }
}
