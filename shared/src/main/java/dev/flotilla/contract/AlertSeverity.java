package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How much an alert matters.
public enum AlertSeverity {
  INFO,
  WARNING,
  CRITICAL;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static AlertSeverity named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
