package dev.flotilla.gateway.session;

import java.time.Duration;

/// How often a session may do what it should not, per minute.
final class Strikes {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final int limit;
  private long minuteStart;
  private int count;

  /// @param limit 0 where nothing follows, however many there are
  Strikes(int limit, long now) {
    this.limit = limit;
    this.minuteStart = now;
  }

  /// True where this one is too many.
  boolean add(long now) {
    if (now - minuteStart > MINUTE) {
      minuteStart = now;
      count = 0;
    }
    return ++count > limit && limit > 0;
  }
}
