package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What kind of work an item is.
public enum WorkItemType {
  EPIC,
  STORY,
  TASK,
  SUBTASK,
  BUG;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static WorkItemType named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
