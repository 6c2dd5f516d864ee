package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a task could run, best first.
///
/// @param reason why there is no candidate, in words for the task's owner; null where there is one
public record RouteAnswer(List<Candidate> candidates, @Nullable String reason) {
  /// @param owner the node that holds the link
  /// @param maxConcurrency how many slots the instance has
  public record Candidate(InstanceId instance, NodeId owner, int maxConcurrency) {}

  /// The node that holds the link to an instance, where that is a candidate.
  public Optional<NodeId> owner(InstanceId instance) {
    return candidates.stream()
        .filter(candidate -> candidate.instance().equals(instance))
        .map(Candidate::owner)
        .findFirst();
  }
}
