package dev.flotilla.registry.link.openclaw;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What an instance takes of requests that change it: 30 a minute of each method. Beyond that it
/// would refuse; so the fleet does it for it, and leaves a few to others.
final class WriteBudget {
  private static final int MOST = 25;
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final Map<String, Deque<Instant>> taken = new HashMap<>();
  private final Clock clock;

  WriteBudget(Clock clock) {
    this.clock = clock;
  }

  /// Null where the request may go; otherwise how long it has to wait.
  @Nullable Duration take(String method) {
    Instant now = clock.instant();
    Deque<Instant> recent = taken.computeIfAbsent(method, _ -> new ArrayDeque<>());
    while (!recent.isEmpty() && !recent.getFirst().plus(WINDOW).isAfter(now)) {
      recent.removeFirst();
    }
    if (recent.size() >= MOST) {
      return Duration.between(now, recent.getFirst().plus(WINDOW));
    }
    recent.addLast(now);
    return null;
  }
}
