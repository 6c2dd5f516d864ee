package dev.flotilla.contract;

import dev.flotilla.contract.WorkResult.Project;
import dev.flotilla.identity.ProjectId;
import java.util.List;

/// What happened to a project itself. Durable.
public sealed interface ProjectFact extends WorkFact {

  record Created(Project project) implements ProjectFact {
    @Override
    public List<Topic> topics() {
      return List.of(Topic.project(project.id()));
    }
  }

  /// @param project as it is now
  record Updated(Project project, List<FieldChange> changes) implements ProjectFact {
    @Override
    public List<Topic> topics() {
      return List.of(Topic.project(project.id()));
    }
  }

  record Deleted(ProjectId projectId) implements ProjectFact {
    @Override
    public List<Topic> topics() {
      return List.of(Topic.project(projectId));
    }
  }
}
