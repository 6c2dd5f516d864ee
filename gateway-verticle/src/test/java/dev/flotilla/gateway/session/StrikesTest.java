package dev.flotilla.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StrikesTest {
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

  @Test
  void theyAreCountedPerMinute() {
    Strikes strikes = new Strikes(30, START);
    for (int i = 0; i < 30; i++) {
      assertThat(strikes.add(at(1))).isFalse();
    }
    assertThat(strikes.add(at(59))).isTrue();
    assertThat(strikes.add(at(62))).isFalse();
  }

  @Test
  void noLimitIsNeverReached() {
    Strikes strikes = new Strikes(0, START);
    assertThat(strikes.add(at(1))).isFalse();
    assertThat(strikes.add(at(1))).isFalse();
  }

  private static long at(int seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }
}
