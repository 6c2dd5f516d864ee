package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How an instance is. Work is routed to `ready` instances, and a little of it to a `degraded` one
/// that is on trial.
public enum InstanceState {
  /// The link is being made.
  STARTING,
  READY,
  /// It answers, but refuses or fails work for now.
  DEGRADED,
  /// Operators want it to take nothing new. What runs there goes on.
  CORDONED,
  /// Operators want it to become empty by a deadline.
  DRAINING,
  /// It failed so much that it gets nothing for a while.
  EJECTED,
  /// It is not reachable, or refuses the fleet's credential.
  DOWN;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static InstanceState named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
