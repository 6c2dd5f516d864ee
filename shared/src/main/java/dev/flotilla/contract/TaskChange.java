package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What happened to a task.
public enum TaskChange {
  QUEUED,
  RUNNING,
  OUTPUT,
  RETRYING,
  SUCCEEDED,
  FAILED,
  DEAD,
  CANCELLED;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static TaskChange named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
