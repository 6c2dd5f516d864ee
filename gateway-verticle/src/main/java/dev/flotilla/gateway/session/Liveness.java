package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig;
import java.time.Duration;

/// A session's deadlines, in nanoseconds of the monotonic clock. The loop's one timer asks after
/// them; no socket has a timer of its own.
final class Liveness {
  private static final int MAX_MALFORMED = 30;
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  /// A token may outlive what nanoseconds can count.
  private static final Duration LONG = Duration.ofDays(3650);

  /// What is due. At most one thing per question; the next question finds the next.
  enum Due {
    NOTHING,
    CONNECT_IS_LATE,
    TOKEN_IS_OVER,
    SILENCE,
    PING,
    TICK
  }

  private final FleetConfig.Gateway config;
  private final long connectBy;
  private long heardAt;
  private long pingAt;
  private long tickAt;
  private long tokenEnds;
  private boolean connected;
  private long minuteStart;
  private int malformed;

  Liveness(FleetConfig.Gateway config, long now) {
    this.config = config;
    this.connectBy = now + config.connectTimeout().toNanos();
    this.heardAt = now;
    this.pingAt = now + config.pingInterval().toNanos();
    this.minuteStart = now;
  }

  void connected(long now, Duration untilTokenEnds) {
    connected = true;
    tickAt = now + config.tickInterval().toNanos();
    tokenEnds = now + (untilTokenEnds.compareTo(LONG) < 0 ? untilTokenEnds : LONG).toNanos();
  }

  void heard(long now) {
    heardAt = now;
  }

  /// True where there were too many in the last minute.
  boolean malformed(long now) {
    if (now - minuteStart > MINUTE) {
      minuteStart = now;
      malformed = 0;
    }
    return ++malformed > MAX_MALFORMED;
  }

  Due due(long now) {
    if (!connected && now - connectBy >= 0) {
      return Due.CONNECT_IS_LATE;
    }
    if (connected && now - tokenEnds >= 0) {
      return Due.TOKEN_IS_OVER;
    }
    if (now - heardAt >= config.pongTimeout().toNanos()) {
      return Due.SILENCE;
    }
    if (now - pingAt >= 0) {
      pingAt = now + config.pingInterval().toNanos();
      return Due.PING;
    }
    if (connected && now - tickAt >= 0) {
      tickAt = now + config.tickInterval().toNanos();
      return Due.TICK;
    }
    return Due.NOTHING;
  }
}
