package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How an instance is. Work is routed to `ready` instances only.
public enum InstanceState {
  /// The link is being made.
  STARTING,
  READY,
  /// It answers, but refuses or fails work for now.
  DEGRADED,
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
