package dev.flotilla.gateway.limit;

/// The bucket of one connection. Confined to its event loop; taking allocates nothing.
public final class TokenBucket {
  private final Rate rate;
  private long fullAt;

  /// A full bucket.
  ///
  /// @param perSecond tokens that come back in a second
  /// @param burst tokens that it holds
  public TokenBucket(int perSecond, int burst, long nowNanos) {
    this.rate = Rate.perSecond(perSecond, burst);
    this.fullAt = nowNanos;
  }

  /// Takes a token if there is one.
  public boolean take(long nowNanos) {
    if (rate.wait(fullAt, nowNanos) > 0) {
      return false;
    }
    fullAt = nowNanos + Rate.debt(fullAt, nowNanos) + rate.nanosPerToken();
    return true;
  }

  /// How long until there is a token.
  public long waitNanos(long nowNanos) {
    return Math.max(0, rate.wait(fullAt, nowNanos));
  }
}
