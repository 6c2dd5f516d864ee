package dev.flotilla.registry.routing;

import org.jspecify.annotations.Nullable;

/// Where the tasks of a tenant may run, and where they should.
///
/// @param region where they should
/// @param zone where in that region they should
/// @param otherRegions whether they may leave the region
/// @param sharedPool whether they may use the instances that all tenants share
public record Policy(
    @Nullable String region, @Nullable String zone, boolean otherRegions, boolean sharedPool) {
  /// Anywhere.
  public static final Policy FREE = new Policy(null, null, true, true);
}
