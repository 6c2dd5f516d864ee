package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What becomes of the runs of a schedule that were missed.
public enum MissedRuns {
  /// They are left out.
  SKIP,
  /// One makes up for all of them.
  ONCE,
  /// Each of them is made up for.
  ALL;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static MissedRuns named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
