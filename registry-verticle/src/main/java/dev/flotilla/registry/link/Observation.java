package dev.flotilla.registry.link;

import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an instance looks from its link.
///
/// @param reason in words for the operator
/// @param running runs of the fleet that have not ended
/// @param link how the connection is
/// @param load by its own account; null where it has not told yet
public record Observation(
    InstanceState state,
    String reason,
    Instant since,
    @Nullable String version,
    int running,
    LinkView link,
    @Nullable InstanceLoad load) {

  public Observation(
      InstanceState state,
      String reason,
      Instant since,
      @Nullable String version,
      int running,
      LinkView link) {
    this(state, reason, since, version, running, link, null);
  }
}
