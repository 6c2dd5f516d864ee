package dev.flotilla.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(60), new Random(42));

  @Test
  void theLimitDoublesUpToTheLongestWait() {
    assertThat(backoff.limit(1)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.limit(2)).isEqualTo(Duration.ofSeconds(2));
    assertThat(backoff.limit(5)).isEqualTo(Duration.ofSeconds(16));
    assertThat(backoff.limit(7)).isEqualTo(Duration.ofSeconds(60));
    assertThat(backoff.limit(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(60));
  }

  @Test
  void waitsAreSpreadOverTheWholeRange() {
    long sum = 0;
    for (int i = 0; i < 1000; i++) {
      Duration delay = backoff.delay(4);
      assertThat(delay).isPositive().isLessThanOrEqualTo(Duration.ofSeconds(8));
      sum += delay.toMillis();
    }
    assertThat(sum / 1000).isBetween(3500L, 4500L);
  }
}
