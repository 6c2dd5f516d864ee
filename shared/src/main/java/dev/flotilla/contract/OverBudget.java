package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What becomes of tasks above a budget.
public enum OverBudget {
  /// They are refused.
  REFUSE,
  /// They wait until there is budget again.
  QUEUE;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static OverBudget named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
