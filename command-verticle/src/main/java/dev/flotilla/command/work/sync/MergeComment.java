package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.comment.CommentDesk;
import dev.flotilla.command.work.entity.Own;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Stamps.Stamp;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.Comment;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.CommentId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A comment that was written, edited or deleted without a connection. Deleted is deleted: nothing
/// brings a comment back.
public record MergeComment(CommentDesk desk) {
  private static final String CONTENT = "content";
  private static final String DELETED = "deleted";
  private static final List<String> FIELDS = List.of(CONTENT, DELETED);

  SyncOutcome merge(SyncEnvelope envelope, CommentId id, ObjectNode given, CommandContext context) {
    SyncWork.require(given, FIELDS, DELETED, "comment");
    Stamp mine = Merge.stamp(envelope, context);
    Optional<Comment> found = Tables.COMMENTS.find(context.sql(), context.tenant(), id.value());
    if (found.isEmpty() && given.has(CONTENT)) {
      Comment made =
          desk.handle(
              new WorkCommand.CommentAdd(id, envelope.workItemId(), given.get(CONTENT).asText()),
              context);
      Stamps.COMMENTS.set(id, List.of(CONTENT), mine, context);
      return Merge.all(mine, given).outcome(null, made, null);
    }
    Comment before =
        found
            .filter(comment -> comment.workItemId().equals(envelope.workItemId()))
            .orElseThrow(() -> Fault.notFound("comment", id.value()).asException());
    Own.require(before.createdBy(), context);
    Map<String, Stamp> stamps = Stamps.COMMENTS.of(id, context);
    boolean gone = Tables.COMMENTS.isDeleted(context.sql(), context.tenant(), id.value());
    if (given.has(DELETED)) {
      SyncWork.requireGone(given);
      if (!gone) {
        desk.handle(new WorkCommand.CommentDelete(id), context);
        Stamps.COMMENTS.set(id, List.of(DELETED), mine, context);
      }
      return Merge.all(mine, given).outcome(null, null, null);
    }
    Merge merge = Merge.of(mine, given, before, stamps, before.createdAt());
    if (gone) {
      return merge
          .overruled(DELETED, BooleanNode.TRUE, stamps.getOrDefault(DELETED, Merge.UNKNOWN))
          .outcome(null, null, null);
    }
    Comment after = before;
    if (merge.won().has(CONTENT)) {
      after =
          desk.handle(
              new WorkCommand.CommentUpdate(id, merge.won().get(CONTENT).asText()), context);
      Stamps.COMMENTS.set(id, List.of(CONTENT), mine, context);
    }
    return merge.outcome(null, after, null);
  }
}
