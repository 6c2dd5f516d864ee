package dev.flotilla.retry;

import dev.flotilla.contract.Command;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Exponential waits with full jitter: anything between nothing and twice the last limit, so that
/// those who failed together do not come back together.
public record Backoff(Duration first, Duration longest, RandomGenerator random) {
  private static final int MAX_DOUBLINGS = 30;

  /// The same with what a task wants of it.
  public Backoff with(Command.@Nullable Retry retry) {
    if (retry == null) {
      return this;
    }
    Duration start = retry.delayMs() == null ? first : Duration.ofMillis(retry.delayMs());
    Duration limit = retry.maxDelayMs() == null ? longest : Duration.ofMillis(retry.maxDelayMs());
    return new Backoff(start, limit, random);
  }

  /// @param round 1 for the first wait
  public Duration delay(int round) {
    long limit = Math.max(1, limit(round).toMillis());
    return Duration.ofMillis(random.nextLong(1, limit + 1));
  }

  /// The longest that the wait of a round can be.
  Duration limit(int round) {
    long doublings = Math.clamp(round - 1L, 0, MAX_DOUBLINGS);
    Duration limit = first.multipliedBy(1L << doublings);
    return limit.compareTo(longest) > 0 ? longest : limit;
  }
}
