package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A span of time that work items are planned for.
public record SprintId(@JsonValue String value) {
  @JsonCreator
  public SprintId {
    Ids.check("sprint", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
