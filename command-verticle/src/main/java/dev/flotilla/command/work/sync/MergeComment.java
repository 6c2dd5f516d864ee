package dev.flotilla.command.work.sync;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.work.comment.CommentDesk;
import dev.flotilla.command.work.entity.Stamps;
import dev.flotilla.command.work.entity.Tables;
import dev.flotilla.contract.Comment;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.contract.WorkCommand.SyncEnvelope;
import dev.flotilla.contract.WorkResult.SyncOutcome;
import dev.flotilla.identity.CommentId;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Comments as entries.
public record MergeComment(CommentDesk desk) implements Entries<Comment> {
  private static final String CONTENT = "content";
  private static final Kind<Comment> KIND =
      new Kind<>("comment", Tables.COMMENTS, Stamps.COMMENTS, List.of(CONTENT));

  @Override
  public Kind<Comment> kind() {
    return KIND;
  }

  @Override
  public Origin origin(Comment comment) {
    return new Origin(comment.workItemId(), comment.createdBy(), comment.createdAt());
  }

  @Override
  public Comment add(SyncEnvelope envelope, String id, CommandContext context) {
    String content = Objects.requireNonNull(envelope.content(), CONTENT);
    return desk.handle(
        new WorkCommand.CommentAdd(new CommentId(id), envelope.workItemId(), content), context);
  }

  @Override
  public Comment change(Comment before, ObjectNode won, CommandContext context) {
    return desk.handle(
        new WorkCommand.CommentUpdate(before.id(), null, won.get(CONTENT).asText()), context);
  }

  @Override
  public void delete(Comment comment, CommandContext context) {
    desk.handle(new WorkCommand.CommentDelete(comment.id()), context);
  }

  @Override
  public SyncOutcome outcome(Merge merge, @Nullable Comment comment) {
    return merge.outcome(null, comment, null);
  }
}
