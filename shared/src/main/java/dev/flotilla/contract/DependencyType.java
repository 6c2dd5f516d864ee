package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How one work item depends on another.
public enum DependencyType {
  /// One must be done before the other can be.
  BLOCKS;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static DependencyType named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
