package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A work item: an epic, story, task, subtask or bug.
public record ItemId(@JsonValue String value) {
  @JsonCreator
  public ItemId {
    Ids.check("item", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
