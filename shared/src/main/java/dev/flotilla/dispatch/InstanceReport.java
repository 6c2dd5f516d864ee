package dev.flotilla.dispatch;

import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkView;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How an instance is, as the owner of its link observes it. Repeated every second or two, so that
/// an old one says that nobody watches.
///
/// @param reason in words for the operator
/// @param since when the state began
/// @param running runs of the fleet that the link carries
/// @param link how the connection is; a node of the version before does not say
/// @param runs what the newest of them are doing, as far as the instance has shown it
/// @param load by the instance's own account; null where it has not told
/// @param condition null from a node of the version before
public record InstanceReport(
    InstanceId instance,
    InstanceState state,
    String reason,
    Instant since,
    NodeId owner,
    @Nullable String version,
    int running,
    List<RunReport> runs,
    Instant observedAt,
    @Nullable Condition condition,
    @Nullable LinkView link,
    @Nullable InstanceLoad load) {

  public InstanceReport {
    // A node of the version before says nothing of them.
    runs = List.copyOf(Objects.requireNonNullElse(runs, List.of()));
  }

  public InstanceReport(
      InstanceId instance,
      InstanceState state,
      String reason,
      Instant since,
      NodeId owner,
      @Nullable String version,
      int running,
      List<RunReport> runs,
      Instant observedAt) {
    this(
        instance,
        state,
        reason,
        since,
        owner,
        version,
        running,
        runs,
        observedAt,
        null,
        null,
        null);
  }

  /// True where nobody watches the instance any more.
  ///
  /// @param limit how old a report may be
  public boolean isStale(Duration limit, Instant now) {
    return observedAt.plus(limit).isBefore(now);
  }

  /// Runs that it would take now, of `max` that it has.
  public int slots(int max) {
    if (condition != null) {
      return Math.min(max, condition.slots());
    }
    return state == InstanceState.READY ? max : 0;
  }
}
