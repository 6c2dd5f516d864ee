package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Where the items of a completed sprint go that are not completed.
public enum OpenItems {
  STAY,
  BACKLOG,
  SPRINT;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static OpenItems named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
