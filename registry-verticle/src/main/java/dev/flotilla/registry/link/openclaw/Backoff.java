package dev.flotilla.registry.link.openclaw;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next try to connect: full jitter under a ceiling that doubles. A
/// refusal waits long from the start, because each wrong try counts towards the gateway's lockout.
final class Backoff {
  private static final Duration REFUSED = Duration.ofSeconds(30);
  private static final Duration STARTING = Duration.ofMillis(600);
  private static final int MAX_DOUBLINGS = 20;

  private final Duration min;
  private final Duration max;
  private final RandomGenerator random;
  private int failures;

  Backoff(Duration min, Duration max, RandomGenerator random) {
    this.min = min;
    this.max = max;
    this.random = random;
  }

  Duration afterFailure() {
    long ceiling = Math.min(max.toMillis(), min.toMillis() << Math.min(failures, MAX_DOUBLINGS));
    failures++;
    return Duration.ofMillis(1 + random.nextLong(Math.max(1, ceiling)));
  }

  Duration afterRefusal() {
    long base = Math.max(REFUSED.toMillis(), max.toMillis());
    return Duration.ofMillis(base + random.nextLong(base / 4));
  }

  /// A gateway that is starting says so within milliseconds and is up within seconds.
  Duration afterNotYet() {
    long ceiling = Math.min(STARTING.toMillis(), max.toMillis());
    return Duration.ofMillis(1 + ceiling / 2 + random.nextLong(Math.max(1, ceiling / 2)));
  }

  void succeeded() {
    failures = 0;
  }
}
