package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What is decided of something that waits for an approval at an instance.
public enum ApprovalDecision {
  ALLOW_ONCE,
  ALLOW_ALWAYS,
  DENY;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static ApprovalDecision named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
