package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// One tenant of the fleet. Taken from the credential only, never from a frame.
public record TenantId(@JsonValue String value) {
  @JsonCreator
  public TenantId {
    Ids.check("tenant", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
