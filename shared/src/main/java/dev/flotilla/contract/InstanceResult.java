package dev.flotilla.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers to [InstanceCommand].
public sealed interface InstanceResult extends Result {

  /// What a test of a connection has shown.
  ///
  /// @param ok true where the fleet could work with it
  /// @param message what happened, in words
  /// @param action a command that an operator has to run first
  /// @param scopes what the instance lets the fleet do
  record InstanceTested(
      boolean ok,
      LinkStatus status,
      String message,
      @Nullable String action,
      @Nullable String version,
      List<String> scopes,
      long tookMs)
      implements InstanceResult {}
}
