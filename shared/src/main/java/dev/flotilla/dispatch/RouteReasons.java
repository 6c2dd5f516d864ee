package dev.flotilla.dispatch;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.identity.InstanceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why a task would run where: every instance of the tenant, best first, and those that are no
/// candidates last.
///
/// @param reason why there is no candidate
public record RouteReasons(List<Reason> instances, @Nullable String reason) {
  /// @param rank 1 for the first choice; null for what is no candidate
  /// @param group candidates of a lower one are used up before those of a higher one
  /// @param state null where nobody has watched the instance lately
  /// @param slots runs that it would take
  /// @param running runs that it has, as last reported
  /// @param words the reason for or against
  public record Reason(
      InstanceId instance,
      @Nullable Integer rank,
      @Nullable Integer group,
      @Nullable InstanceState state,
      int slots,
      int running,
      String words) {}
}
