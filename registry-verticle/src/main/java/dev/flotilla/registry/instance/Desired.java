package dev.flotilla.registry.instance;

import dev.flotilla.contract.InstanceWish;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What operators want of an instance, and where they have put it.
///
/// @param weight its share of the work, in percent of what its slots would give it
/// @param wishReason in their words
/// @param drainBy when a drain stops what still runs
public record Desired(
    @Nullable String region,
    @Nullable String zone,
    Set<String> labels,
    int weight,
    InstanceWish wish,
    @Nullable String wishReason,
    @Nullable Instant drainBy) {
  /// An instance of which nothing special is wanted.
  public static final Desired PLAIN =
      new Desired(null, null, Set.of(), 100, InstanceWish.SERVE, null, null);

  public Desired {
    labels = Set.copyOf(labels);
  }

  public boolean serves() {
    return wish == InstanceWish.SERVE;
  }
}
