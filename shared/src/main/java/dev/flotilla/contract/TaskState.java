package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// Where a task is in its life.
public enum TaskState {
  /// Waits for its time, or for other tasks to end.
  SCHEDULED(false),
  /// Queued; waits for an instance.
  PENDING(false),
  /// One attempt holds the lease.
  RUNNING(false),
  /// Failed for now; waits for its next attempt.
  RETRYING(false),
  SUCCEEDED(true),
  /// Ended by an error that another attempt would not change.
  FAILED(true),
  /// Ended because its last attempt failed too.
  DEAD(true),
  CANCELLED(true),
  /// Had not ended by its deadline.
  EXPIRED(true);

  private final boolean terminal;

  TaskState(boolean terminal) {
    this.terminal = terminal;
  }

  /// True where nothing but an explicit retry moves the task any more.
  public boolean terminal() {
    return terminal;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static TaskState named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
