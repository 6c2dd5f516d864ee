package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where a task could run, best first.
///
/// @param reason why there is no candidate, in words for the task's owner; null where there is one
/// @param more true where there are further candidates
public record RouteAnswer(List<Candidate> candidates, @Nullable String reason, boolean more) {
  /// @param owner the node that holds the link
  /// @param maxConcurrency how many slots the instance gives now
  /// @param group candidates of a lower one are used up before those of a higher one
  /// @param share how much of its group's load it should carry, compared with the others
  public record Candidate(
      InstanceId instance, NodeId owner, int maxConcurrency, int group, int share) {
    public Candidate(InstanceId instance, NodeId owner, int maxConcurrency) {
      this(instance, owner, maxConcurrency, 0, maxConcurrency);
    }
  }

  public RouteAnswer(List<Candidate> candidates, @Nullable String reason) {
    this(candidates, reason, false);
  }

  /// The node that holds the link to an instance, where that is a candidate.
  public Optional<NodeId> owner(InstanceId instance) {
    return candidates.stream()
        .filter(candidate -> candidate.instance().equals(instance))
        .map(Candidate::owner)
        .findFirst();
  }
}
