package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// A project: work items and sprints belong to one.
public record ProjectId(@JsonValue String value) {
  @JsonCreator
  public ProjectId {
    Ids.check("project", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
