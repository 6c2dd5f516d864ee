package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One agent of an instance. The fleet gives its tasks to the default agent of an instance and to
/// no other, so an instance has one agent for it, whose id is the instance's.
public record AgentId(@JsonValue String value) {
  @JsonCreator
  public AgentId {
    Ids.check("agent", value);
  }

  /// The agent that does the fleet's tasks there.
  public static AgentId of(InstanceId instance) {
    return new AgentId(instance.value());
  }

  @Override
  public String toString() {
    return value;
  }
}
