package dev.flotilla.gateway.feed;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Events that cannot be delivered any more. Whoever sees it reads the current state again.
///
/// @param from the first missing seq, where it is known
/// @param to the last missing seq, where it is known
/// @param position where the stream goes on
public record Gap(@Nullable Long from, @Nullable Long to, Cause reason, Position position) {

  /// Why events are missing.
  public enum Cause {
    /// They are older than what the log keeps.
    RETENTION,
    /// The log was reset.
    EPOCH_CHANGED,
    /// The position lies after the end of the log.
    AHEAD_OF_HEAD;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Retention has removed everything from one seq to another.
  public static Gap removed(long from, long to, String epoch) {
    return new Gap(from, to, Cause.RETENTION, new Position(epoch, to));
  }

  /// Nothing is known about what is missing.
  public static Gap unknown(Cause reason, Position position) {
    return new Gap(null, null, reason, position);
  }
}
