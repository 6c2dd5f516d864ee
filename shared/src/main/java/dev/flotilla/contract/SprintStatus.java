package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Where a sprint is in its life.
public enum SprintStatus {
  PLANNED,
  ACTIVE,
  COMPLETED;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static SprintStatus named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
