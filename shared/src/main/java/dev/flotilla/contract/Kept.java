package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/// What is kept for a time and then removed.
public enum Kept {
  /// Events of the tenant's log: as far back as a client can resume, and activity be read.
  ACTIVITY,
  /// Tasks that have ended and belong to no conversation, apart from dead letters.
  TASKS,
  /// Tasks that wait for somebody to look at them.
  DEAD_LETTERS,
  /// Conversations in which nothing was said since.
  THREADS,
  /// Who changed what.
  AUDIT;

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @JsonCreator
  public static Kept named(String wireName) {
    return valueOf(wireName.toUpperCase(Locale.ROOT));
  }
}
