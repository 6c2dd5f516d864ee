package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What becomes of a task when one that it waits for ends otherwise than succeeded.
public enum AfterFailure {
  /// It fails, too.
  FAIL,
  /// It is left out: cancelled.
  SKIP,
  /// It runs all the same.
  RUN;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static AfterFailure named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
