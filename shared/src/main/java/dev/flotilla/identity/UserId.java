package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Who acts inside a tenant.
public record UserId(@JsonValue String value) {
  @JsonCreator
  public UserId {
    Ids.check("user", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
