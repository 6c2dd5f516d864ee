package dev.flotilla.gateway.limit;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// What one user or tenant may still say through this node. Any event loop takes from it; only
/// [Quotas] settles it with Redis, whose bucket all nodes share.
///
/// Tokens that were leased are spent first. Where a burst outruns the lease, the node runs ahead by
/// at most half of what Redis said was left, and owes it: so nobody waits for Redis, nobody is
/// refused what the fleet has, and what is owed is paid with the next lease.
final class Budget {
  /// Answers come within milliseconds; one that was refused meanwhile may try again after this.
  private static final long SETTLING = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int CHUNKS = 10;

  private final String key;
  private final int perMinute;
  private final int chunk;
  private final Rate rate;
  private final AtomicInteger holders = new AtomicInteger();
  private final AtomicInteger leased = new AtomicInteger();
  private final AtomicInteger owed = new AtomicInteger();
  private final AtomicBoolean asking = new AtomicBoolean();

  /// When the bucket in Redis will be full, as far as this node knows.
  private final AtomicLong fullAt;

  private volatile long usedAt;
  private volatile long askedAt;

  Budget(String key, int perMinute, long now) {
    this.key = key;
    this.perMinute = perMinute;
    this.chunk = Math.max(1, perMinute / CHUNKS);
    this.rate = Rate.perMinute(perMinute);
    this.fullAt = new AtomicLong(now);
    this.usedAt = now;
    this.askedAt = now;
  }

  String key() {
    return key;
  }

  int perMinute() {
    return perMinute;
  }

  void hold() {
    holders.incrementAndGet();
  }

  void release() {
    holders.decrementAndGet();
  }

  /// Takes a token that this node has leased.
  boolean takeLeased(long now) {
    usedAt = now;
    int had = leased.get();
    while (had > 0 && !leased.compareAndSet(had, had - 1)) {
      had = leased.get();
    }
    return had > 0;
  }

  /// Takes a token on credit.
  boolean runAhead(long now) {
    long most = (rate.tokens(fullAt.get(), now) + 1) / 2;
    int had = owed.get();
    while (had < most && !owed.compareAndSet(had, had + 1)) {
      had = owed.get();
    }
    return had < most;
  }

  /// Takes a token while Redis is away: now this node has a bucket of its own.
  boolean takeOwn(long now) {
    long full = fullAt.get();
    while (rate.wait(full, now) <= 0) {
      if (fullAt.compareAndSet(full, now + Rate.debt(full, now) + rate.nanosPerToken())) {
        return true;
      }
      full = fullAt.get();
    }
    return false;
  }

  /// Gives a token back that was taken in vain.
  void putBack() {
    leased.incrementAndGet();
  }

  /// How long who was refused should wait: until the fleet has a token, with what is owed paid.
  long waitNanos(long now) {
    long wait = rate.wait(fullAt.get(), now) + owed.get() * rate.nanosPerToken();
    return wait > 0 ? wait : SETTLING;
  }

  boolean runsLow() {
    return leased.get() <= chunk / 2;
  }

  boolean askedSince(long instant) {
    return askedAt - instant > 0;
  }

  /// True for the one who is to ask Redis.
  boolean beginAsking(long now) {
    if (asking.get() || !asking.compareAndSet(false, true)) {
      return false;
    }
    askedAt = now;
    return true;
  }

  /// True where nobody has taken from it for so long that its tokens should go back.
  boolean idleSince(long instant) {
    return holders.get() == 0 || usedAt - instant < 0;
  }

  /// What to ask Redis for.
  Settlement settlement(boolean idle) {
    int back = idle ? leased.getAndSet(0) : 0;
    int wanted = idle ? 0 : Math.max(0, chunk - leased.get());
    return new Settlement(this, owed.get(), back, wanted);
  }

  /// @param granted tokens that are leased now
  /// @param debtNanos what is missing in Redis, in the time that it takes to come back
  void settled(Settlement asked, int granted, long debtNanos, long now) {
    owed.addAndGet(-asked.owed());
    fullAt.set(now + debtNanos);
    leased.addAndGet(granted);
    asking.set(false);
  }

  void unsettled(Settlement asked) {
    leased.addAndGet(asked.back());
    asking.set(false);
  }

  /// Redis is away, and will be full when it is back: nothing is owed to it.
  void forgive() {
    owed.set(0);
    asking.set(false);
  }

  boolean owes() {
    return owed.get() > 0;
  }

  boolean hasLease() {
    return leased.get() > 0;
  }

  /// True where forgetting it makes no difference.
  boolean spare(long now) {
    return holders.get() == 0
        && leased.get() == 0
        && owed.get() == 0
        && !asking.get()
        && Rate.debt(fullAt.get(), now) == 0;
  }
}
