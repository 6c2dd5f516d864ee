package dev.flotilla.registry.link.openclaw;

import dev.flotilla.retry.Backoff;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// How long to wait before the next try to connect: ever longer while nobody is there. A refusal
/// waits long from the start, because each wrong try counts towards the gateway's lockout.
final class Redial {
  private static final Duration REFUSED = Duration.ofSeconds(30);
  private static final Duration STARTING = Duration.ofMillis(600);

  private final Backoff backoff;
  private final Duration max;
  private final RandomGenerator random;
  private int failures;

  Redial(Duration min, Duration max, RandomGenerator random) {
    this.backoff = new Backoff(min, max, random);
    this.max = max;
    this.random = random;
  }

  Duration after(Verdict verdict) {
    return switch (verdict.outcome()) {
      case CONNECTED, UNREACHABLE -> afterFailure();
      case NOT_YET -> longer(afterNotYet(), verdict.atLeast());
      case REFUSED -> longer(afterRefusal(), verdict.atLeast());
      case PAIRING -> spread(verdict.atLeast() == null ? REFUSED : verdict.atLeast());
    };
  }

  Duration afterFailure() {
    failures++;
    return backoff.delay(failures);
  }

  Duration afterRefusal() {
    return spread(REFUSED.compareTo(max) > 0 ? REFUSED : max);
  }

  /// A gateway that is starting says so within milliseconds and is up within seconds.
  Duration afterNotYet() {
    long ceiling = Math.min(STARTING.toMillis(), max.toMillis());
    return Duration.ofMillis(1 + ceiling / 2 + random.nextLong(Math.max(1, ceiling / 2)));
  }

  private Duration spread(Duration base) {
    return base.plusMillis(random.nextLong(Math.max(1, base.toMillis() / 4)));
  }

  /// What the instance asks for, and not at the same moment as everybody else.
  private Duration longer(Duration own, @Nullable Duration asked) {
    return asked == null || asked.compareTo(own) <= 0 ? own : spread(asked);
  }

  /// A connection that held for a while: one that is closed as soon as it stands is a failure, too.
  void succeeded() {
    failures = 0;
  }
}
