package dev.flotilla.identity;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What somebody wrote about a work item.
public record CommentId(@JsonValue String value) {
  @JsonCreator
  public CommentId {
    Ids.check("comment", value);
  }

  @Override
  public String toString() {
    return value;
  }
}
