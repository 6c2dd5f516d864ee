package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What happened to an instance.
public enum InstanceChange {
  REGISTERED,
  /// What is wanted of it is another thing now.
  UPDATED,
  STATE,
  /// Operators want something else of it now.
  DESIRED,
  /// A drain has come to its end: nothing of the fleet runs there any more.
  DRAINED,
  REMOVED;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static InstanceChange named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
