package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What happened to a task.
public enum TaskChange {
  /// Created, for later.
  SCHEDULED,
  QUEUED,
  RUNNING,
  OUTPUT,
  RETRYING,
  SUCCEEDED,
  FAILED,
  DEAD,
  CANCELLED,
  EXPIRED,
  /// A dead letter that was deleted for good.
  PURGED;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static TaskChange named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
