package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One JVM of the fleet.
public record NodeId(@JsonValue String value) {
  @JsonCreator
  public NodeId {
    Ids.check("node", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
