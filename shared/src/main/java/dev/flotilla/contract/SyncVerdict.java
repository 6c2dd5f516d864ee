package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What became of a change that was made while its client was away.
public enum SyncVerdict {
  /// Every field that it gave has won.
  APPLIED,
  /// Some have.
  MERGED,
  /// None has.
  REJECTED;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static SyncVerdict named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
