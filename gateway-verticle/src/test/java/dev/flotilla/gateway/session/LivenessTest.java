package dev.flotilla.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.gateway.session.Liveness.Due;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LivenessTest {
  /// The monotonic clock may be negative, and may overflow.
  private static final long START = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();

  private final FleetConfig.Gateway config = config();
  private final Liveness liveness = new Liveness(config, START);

  private static FleetConfig.Gateway config() {
    try {
      return ConfigLoader.load(
              null, Map.of("FLOTILLA_IDENTITY_SECRET", "a secret that only tests use, 32 long"))
          .gateway();
    } catch (ConfigException bad) {
      throw new IllegalStateException(bad);
    }
  }

  private static long at(int seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void connectIsLateAfterItsTimeout() {
    assertThat(liveness.due(at(14))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(15))).isEqualTo(Due.CONNECT_IS_LATE);
  }

  @Test
  void aConnectedSessionTicksAndPingsEachAtItsPace() {
    liveness.connected(at(1), Duration.ofHours(1));
    assertThat(liveness.due(at(15))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(16))).isEqualTo(Due.TICK);
    assertThat(liveness.due(at(17))).isEqualTo(Due.NOTHING);
    liveness.heard(at(30));
    assertThat(liveness.due(at(31))).isEqualTo(Due.PING);
    assertThat(liveness.due(at(31))).isEqualTo(Due.TICK);
    assertThat(liveness.due(at(31))).isEqualTo(Due.NOTHING);
  }

  @Test
  void silenceIsMeasuredFromTheLastFrame() {
    liveness.connected(at(1), Duration.ofHours(1));
    liveness.heard(at(50));
    assertThat(liveness.due(at(109))).isNotEqualTo(Due.SILENCE);
    assertThat(liveness.due(at(110))).isEqualTo(Due.SILENCE);
  }

  @Test
  void theSessionEndsWithItsToken() {
    liveness.connected(at(1), Duration.ofSeconds(5));
    assertThat(liveness.due(at(5))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(6))).isEqualTo(Due.TOKEN_IS_OVER);
  }

  @Test
  void aTokenForeverIsNotOver() {
    liveness.connected(at(1), Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(liveness.due(at(2))).isEqualTo(Due.NOTHING);
  }

  @Test
  void malformedFramesAreCountedPerMinute() {
    for (int i = 0; i < 30; i++) {
      assertThat(liveness.malformed(at(1))).isFalse();
    }
    assertThat(liveness.malformed(at(59))).isTrue();
    assertThat(liveness.malformed(at(62))).isFalse();
  }
}
