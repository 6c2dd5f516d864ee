package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How an attempt ended.
public enum AttemptOutcome {
  SUCCEEDED,
  FAILED,
  /// Ended before its end, by somebody.
  ABORTED,
  /// The instance has not taken it.
  REFUSED,
  /// Its node stopped; another went on with the run.
  HANDED_OVER,
  /// Its node was lost; another went on with the run.
  LOST;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static AttemptOutcome named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
