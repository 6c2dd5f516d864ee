package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RedialTest {
  private final Redial redial =
      new Redial(Duration.ofMillis(250), Duration.ofSeconds(10), new Random(5));

  @Test
  void waitsStayUnderACeilingThatDoubles() {
    long ceiling = 250;
    for (int i = 0; i < 100; i++) {
      assertThat(redial.afterFailure().toMillis()).isBetween(1L, Math.min(ceiling, 10_000) + 1);
      ceiling = Math.min(10_000, ceiling * 2);
    }
  }

  @Test
  void aSuccessBeginsAnew() {
    for (int i = 0; i < 10; i++) {
      redial.afterFailure();
    }
    redial.succeeded();
    assertThat(redial.afterFailure()).isLessThanOrEqualTo(Duration.ofMillis(251));
  }

  @Test
  void aRefusalWaitsLongerThanTheGatewaysLockoutCounts() {
    for (int i = 0; i < 20; i++) {
      assertThat(redial.afterRefusal()).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
    }
  }
}
