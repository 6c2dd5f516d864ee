package dev.flotilla.gateway.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration LEAST = Duration.ofMillis(250);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private static List<Duration> waits(long seed, int count) {
    Backoff backoff = new Backoff(LEAST, LONGEST, new Random(seed));
    return Stream.generate(backoff::next).limit(count).toList();
  }

  @Test
  void theCeilingDoublesFromTheLeastWaitToTheLongest() {
    for (long seed = 0; seed < 200; seed++) {
      List<Duration> waits = waits(seed, 12);
      for (int i = 0; i < waits.size(); i++) {
        Duration ceiling = LEAST.multipliedBy(2L << i);
        assertThat(waits.get(i))
            .isBetween(LEAST, ceiling.compareTo(LONGEST) < 0 ? ceiling : LONGEST);
      }
    }
  }

  @Test
  void theWaitsOfTwoNodesDifferAndReachFar() {
    assertThat(waits(1, 12)).isNotEqualTo(waits(2, 12));
    assertThat(waits(1, 200)).anyMatch(wait -> wait.compareTo(Duration.ofSeconds(25)) > 0);
  }

  @Test
  void afterAGoodConnectionTheNextWaitIsShortAgain() {
    Backoff backoff = new Backoff(LEAST, LONGEST, new Random(3));
    for (int i = 0; i < 10; i++) {
      backoff.next();
    }
    backoff.reset();
    assertThat(backoff.next()).isBetween(LEAST, LEAST.multipliedBy(2));
  }

  @Test
  void leastAndLongestMayBeTheSame() {
    Backoff backoff = new Backoff(LEAST, LEAST, new Random(4));
    assertThat(Stream.generate(backoff::next).limit(100)).allMatch(LEAST::equals);
  }
}
