package dev.flotilla.contract;

import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to a comment. Durable. Project and sprint are those of its work item.
public sealed interface CommentFact extends WorkFact {

  record Added(ProjectId projectId, @Nullable SprintId sprintId, Comment comment)
      implements CommentFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, comment.workItemId()).topics();
    }
  }

  /// @param comment as it is now
  record Updated(ProjectId projectId, @Nullable SprintId sprintId, Comment comment)
      implements CommentFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, comment.workItemId()).topics();
    }
  }

  record Deleted(
      ProjectId projectId, @Nullable SprintId sprintId, ItemId workItemId, CommentId commentId)
      implements CommentFact {
    @Override
    public List<Topic> topics() {
      return new ItemPlace(projectId, sprintId, workItemId).topics();
    }
  }
}
