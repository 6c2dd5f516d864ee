package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What a health event is about.
public enum HealthSubject {
  INSTANCE,
  NODE;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static HealthSubject named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
