package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private final Backoff backoff =
      new Backoff(Duration.ofMillis(250), Duration.ofSeconds(10), new Random(5));

  @Test
  void waitsStayUnderACeilingThatDoubles() {
    long ceiling = 250;
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.afterFailure().toMillis()).isBetween(1L, Math.min(ceiling, 10_000) + 1);
      ceiling = Math.min(10_000, ceiling * 2);
    }
  }

  @Test
  void aSuccessBeginsAnew() {
    for (int i = 0; i < 10; i++) {
      backoff.afterFailure();
    }
    backoff.succeeded();
    assertThat(backoff.afterFailure()).isLessThanOrEqualTo(Duration.ofMillis(251));
  }

  @Test
  void aRefusalWaitsLongerThanTheGatewaysLockoutCounts() {
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.afterRefusal()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }
  }
}
