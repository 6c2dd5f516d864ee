package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How one work item depends on another.
public enum DependencyType {
  /// One must be done before the other can be.
  BLOCKS,
  /// They have to do with each other.
  RELATES,
  /// The one says what the other says.
  DUPLICATES;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static DependencyType named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
