package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// How much a tenant and its users may say per minute, as a share of what the dialects allow.
public enum RateClass {
  LOW(25),
  STANDARD(100),
  HIGH(400),
  TOP(1600);

  private final int percent;

  RateClass(int percent) {
    this.percent = percent;
  }

  /// @param perMinute what a dialect allows; 0 is no limit
  public int of(int perMinute) {
    return perMinute == 0 ? 0 : Math.clamp((long) perMinute * percent / 100, 1, 1_000_000);
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static RateClass named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
