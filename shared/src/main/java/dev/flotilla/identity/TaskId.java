package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A unit of agent work.
public record TaskId(@JsonValue String value) {
  @JsonCreator
  public TaskId {
    Ids.check("task", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
