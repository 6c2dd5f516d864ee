package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// Time that somebody spent on a work item.
public record TimeEntryId(@JsonValue String value) {
  @JsonCreator
  public TimeEntryId {
    Ids.check("time entry", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
