package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What operators want an instance to do, whatever state it is in.
public enum InstanceWish {
  SERVE,
  /// Take nothing new.
  CORDON,
  /// Take nothing new, and be empty by a deadline.
  DRAIN;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static InstanceWish named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
