package dev.flotilla.gateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConstancyTest {
  private static final long SECOND = 1_000_000_000;

  private final Constancy constancy = new Constancy(Duration.ofSeconds(5));

  @Test
  void whoIsHeardOfForAWholeLeaseIsConstant() {
    constancy.begin(100 * SECOND);
    for (int second = 101; second < 105; second++) {
      assertThat(constancy.beat(second * SECOND)).as("at %d", second).isFalse();
    }
    assertThat(constancy.beat(105 * SECOND)).isTrue();
  }

  @Test
  void whoStoodStillForALeaseBeginsAnew() {
    constancy.begin(0);
    for (int second = 1; second <= 10; second++) {
      constancy.beat(second * SECOND);
    }
    assertThat(constancy.beat(15 * SECOND)).isFalse();
    for (int second = 16; second < 20; second++) {
      assertThat(constancy.beat(second * SECOND)).as("at %d", second).isFalse();
    }
    assertThat(constancy.beat(20 * SECOND)).isTrue();
  }
}
