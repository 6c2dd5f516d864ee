package dev.flotilla.gateway.ingest;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Waits between tries to connect: anything between the least wait and a ceiling that doubles, so
/// that nodes that lost Redis together do not come back together.
final class Backoff {
  private static final int MAX_DOUBLINGS = 20;

  private final Duration least;
  private final Duration longest;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration least, Duration longest, RandomGenerator random) {
    this.least = least;
    this.longest = longest;
    this.random = random;
  }

  Duration next() {
    failures = Math.min(failures + 1, MAX_DOUBLINGS);
    long low = least.toMillis();
    long high = Math.min(longest.toMillis(), low << failures);
    return Duration.ofMillis(random.nextLong(low, Math.max(low, high) + 1));
  }

  void reset() {
    failures = 0;
  }
}
