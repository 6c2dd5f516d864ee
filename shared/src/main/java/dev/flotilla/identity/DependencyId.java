package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One work item that must wait for another.
public record DependencyId(@JsonValue String value) {
  @JsonCreator
  public DependencyId {
    Ids.check("dependency", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
