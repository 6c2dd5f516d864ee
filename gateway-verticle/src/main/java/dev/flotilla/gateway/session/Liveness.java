package dev.flotilla.gateway.session;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.FleetConfig.DialectLimits;
import java.time.Duration;

/// A session's deadlines, in nanoseconds of the monotonic clock. The loop's wheel asks after them;
/// no socket has a timer of its own.
final class Liveness {
  /// A token may outlive what nanoseconds can count.
  private static final long FOREVER = Duration.ofDays(3650).toNanos();

  /// A client is told so long before its token ends.
  private static final long WARNING = Duration.ofSeconds(60).toNanos();

  /// What is due. At most one thing per question; the next question finds the next.
  enum Due {
    NOTHING,
    ADMISSION_IS_LATE,
    TOKEN_ENDS_SOON,
    TOKEN_IS_OVER,
    SILENCE,
    IDLE,
    PING,
    TICK
  }

  private final FleetConfig.Gateway config;
  private final DialectLimits limits;
  private final boolean pings;
  private final long connectBy;
  private long heardAt;
  private long answeredAt;
  private long messageAt;
  private long activeBefore;
  private long pingAt;
  private long tickAt;
  private long tokenEnds;
  private boolean admitted;
  private boolean warned;

  /// @param pings true where the dialect pings by itself and wants an answer to that
  Liveness(FleetConfig.Gateway config, DialectLimits limits, boolean pings, long now) {
    this.config = config;
    this.limits = limits;
    this.pings = pings;
    this.connectBy = now + config.connectTimeout().toNanos();
    this.heardAt = now;
    this.answeredAt = now;
    this.messageAt = now;
    this.activeBefore = now;
    this.pingAt = now + config.pingInterval().toNanos();
  }

  void admitted(long now, Duration untilTokenEnds) {
    admitted = true;
    answeredAt = now;
    tickAt = now + beat();
    renewed(now, untilTokenEnds);
  }

  void renewed(long now, Duration untilTokenEnds) {
    boolean endless = untilTokenEnds.compareTo(Duration.ofNanos(FOREVER)) >= 0;
    tokenEnds = now + (endless ? FOREVER : untilTokenEnds.toNanos());
    // A token that was short from the start needs no warning that it is.
    warned = tokenEnds - now <= WARNING;
  }

  /// A frame of whatever kind has come.
  void heard(long now) {
    heardAt = now;
  }

  /// The message that has just come answers a ping of the dialect's own: the client is there, but
  /// does nothing.
  void answered(long now) {
    answeredAt = now;
    messageAt = activeBefore;
  }

  /// The client could not have seen a ping of the dialect's own.
  void excused(long now) {
    answeredAt = now;
  }

  /// A message has come: the client does something.
  void active(long now) {
    activeBefore = messageAt;
    messageAt = now;
  }

  Due due(long now) {
    if (!admitted && now - connectBy >= 0) {
      return Due.ADMISSION_IS_LATE;
    }
    if (admitted && now - tokenEnds >= 0) {
      return Due.TOKEN_IS_OVER;
    }
    if (now - silentAt() >= 0) {
      return Due.SILENCE;
    }
    if (admitted && now - idleAt() >= 0) {
      return Due.IDLE;
    }
    if (admitted && !warned && now - warnAt() >= 0) {
      warned = true;
      return Due.TOKEN_ENDS_SOON;
    }
    if (now - pingAt >= 0) {
      pingAt = now + config.pingInterval().toNanos();
      return Due.PING;
    }
    if (admitted && now - tickAt >= 0) {
      tickAt = now + beat();
      return Due.TICK;
    }
    return Due.NOTHING;
  }

  /// The earliest deadline.
  long next() {
    long next = earlier(silentAt(), pingAt);
    if (!admitted) {
      return earlier(next, connectBy);
    }
    next = earlier(earlier(next, tickAt), earlier(tokenEnds, idleAt()));
    return warned ? next : earlier(next, warnAt());
  }

  private long silentAt() {
    long since = pings && admitted ? earlier(heardAt, answeredAt) : heardAt;
    return since + config.pongTimeout().toNanos();
  }

  private long beat() {
    return (pings ? config.pingInterval() : config.tickInterval()).toNanos();
  }

  private long idleAt() {
    long timeout = limits.idleTimeout().toNanos();
    return messageAt + (timeout == 0 ? FOREVER : timeout);
  }

  private long warnAt() {
    return tokenEnds - WARNING;
  }

  private static long earlier(long left, long right) {
    return left - right < 0 ? left : right;
  }
}
