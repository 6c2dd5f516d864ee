package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One OpenClaw gateway that the fleet controls.
public record InstanceId(@JsonValue String value) {
  @JsonCreator
  public InstanceId {
    Ids.check("instance", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
