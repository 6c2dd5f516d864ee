package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How urgent a task is. Dequeue order is strictly critical, high, medium, low (requirement
/// R1-001).
public enum Priority {
  CRITICAL,
  HIGH,
  MEDIUM,
  LOW;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static Priority named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
