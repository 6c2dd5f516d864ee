package dev.flotilla.contract;

import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What happened to a sprint. Durable.
public sealed interface SprintFact extends WorkFact {

  record Created(Sprint sprint) implements SprintFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(sprint.projectId(), sprint.id());
    }
  }

  /// @param sprint as it is now
  record Updated(Sprint sprint, List<FieldChange> changes) implements SprintFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(sprint.projectId(), sprint.id());
    }
  }

  record Deleted(ProjectId projectId, SprintId sprintId) implements SprintFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(projectId, sprintId);
    }
  }

  /// @param endDate when it is planned to end
  record Started(
      ProjectId projectId, SprintId sprintId, Instant startDate, @Nullable Instant endDate)
      implements SprintFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(projectId, sprintId);
    }
  }

  record Completed(ProjectId projectId, SprintId sprintId, Instant endDate, SprintStats stats)
      implements SprintFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(projectId, sprintId);
    }
  }

  private static List<Topic> topicsOf(ProjectId project, SprintId sprint) {
    return List.of(Topic.project(project), Topic.sprint(sprint));
  }
}
