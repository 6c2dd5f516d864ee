package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What an agent does, as far as a tenant's own tasks show it.
public enum AgentStatus {
  /// It could take a task.
  IDLE,
  /// It has begun a task, or goes on with it, and says nothing right now.
  WORKING,
  /// Its answer is coming in.
  STREAMING,
  /// It uses a tool.
  TOOL,
  /// It has done a task.
  FINISHED,
  /// A task, or an attempt at it, has failed.
  FAILED,
  /// A task was stopped.
  STOPPED,
  /// Its instance cannot be reached, or takes no work.
  UNAVAILABLE;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  static AgentStatus named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
