package dev.flotilla.gateway.presence;

import java.time.Duration;

/// For how long a node has been heard of without a break. One that was not, because Redis was away
/// or because it stood still itself, cannot tell who else is silent and who is only late as well.
final class Constancy {
  private final long lease;
  private long last;
  private long since;

  Constancy(Duration lease) {
    this.lease = lease.toNanos();
  }

  /// It is heard of again.
  void begin(long now) {
    since = now;
    last = now;
  }

  /// It is about to be heard of.
  ///
  /// @return true where that has gone on for a whole lease
  boolean beat(long now) {
    if (now - last >= lease) {
      since = now;
    }
    last = now;
    return now - since >= lease;
  }
}
