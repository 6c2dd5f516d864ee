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

  private final FleetConfig config = config();
  private final Liveness liveness =
      new Liveness(config.gateway(), config.dialects().control(), false, START);

  private static FleetConfig config() {
    try {
      return ConfigLoader.load(
          null, Map.of("FLOTILLA_IDENTITY_SECRET", "a secret that only tests use, 32 long"));
    } catch (ConfigException bad) {
      throw new IllegalStateException(bad);
    }
  }

  private static long at(int seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  @Test
  void admissionIsLateAfterItsTimeout() {
    assertThat(liveness.due(at(14))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(15))).isEqualTo(Due.ADMISSION_IS_LATE);
  }

  @Test
  void aConnectedSessionTicksAndPingsEachAtItsPace() {
    liveness.admitted(at(1), Duration.ofHours(1));
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
    liveness.admitted(at(1), Duration.ofHours(1));
    liveness.heard(at(50));
    assertThat(liveness.due(at(109))).isNotEqualTo(Due.SILENCE);
    assertThat(liveness.due(at(110))).isEqualTo(Due.SILENCE);
  }

  @Test
  void theSessionEndsWithItsToken() {
    liveness.admitted(at(1), Duration.ofSeconds(5));
    assertThat(liveness.due(at(5))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(6))).isEqualTo(Due.TOKEN_IS_OVER);
  }

  @Test
  void aTokenThatLivesLongIsWarnedOfOnceAMinuteBeforeItEnds() {
    liveness.admitted(at(0), Duration.ofSeconds(70));
    liveness.heard(at(9));
    assertThat(liveness.due(at(9))).isEqualTo(Due.NOTHING);
    assertThat(liveness.next()).isEqualTo(at(10));
    assertThat(liveness.due(at(10))).isEqualTo(Due.TOKEN_ENDS_SOON);
    assertThat(liveness.due(at(10))).isEqualTo(Due.NOTHING);
  }

  @Test
  void aRenewedTokenEndsLater() {
    liveness.admitted(at(0), Duration.ofSeconds(5));
    liveness.renewed(at(4), Duration.ofSeconds(5));
    assertThat(liveness.due(at(8))).isEqualTo(Due.NOTHING);
    assertThat(liveness.due(at(9))).isEqualTo(Due.TOKEN_IS_OVER);
  }

  @Test
  void onlyMessagesKeepASessionFromBeingIdleWhereThatIsLimited() {
    Liveness dashboard =
        new Liveness(config.gateway(), config.dialects().dashboard(), false, START);
    dashboard.admitted(at(0), Duration.ofHours(1));
    dashboard.active(at(100));
    dashboard.heard(at(699));
    liveness.admitted(at(0), Duration.ofHours(1));
    liveness.heard(at(699));
    assertThat(dashboard.due(at(699))).isNotEqualTo(Due.IDLE);
    assertThat(dashboard.due(at(700))).isEqualTo(Due.IDLE);
    assertThat(liveness.due(at(700))).isNotEqualTo(Due.IDLE);
  }

  @Test
  void whereTheDialectPingsOnlyAnAnswerToThatIsAnAnswer() {
    Liveness chat = new Liveness(config.gateway(), config.dialects().chat(), true, START);
    chat.admitted(at(1), Duration.ofHours(1));
    assertThat(chat.due(at(30))).isEqualTo(Due.PING);
    assertThat(chat.due(at(30))).isEqualTo(Due.NOTHING);
    assertThat(chat.due(at(31))).isEqualTo(Due.TICK);
    chat.answered(at(32));
    chat.heard(at(91));
    assertThat(chat.next()).isEqualTo(at(60));
    assertThat(chat.due(at(91))).isNotEqualTo(Due.SILENCE);
    assertThat(chat.due(at(92))).isEqualTo(Due.SILENCE);
  }

  @Test
  void anAnswerToAPingKeepsNobodyFromBeingIdle() {
    Liveness dashboard = new Liveness(config.gateway(), config.dialects().dashboard(), true, START);
    dashboard.admitted(at(0), Duration.ofHours(1));
    dashboard.active(at(100));
    for (int second = 130; second < 700; second += 30) {
      dashboard.heard(at(second));
      dashboard.active(at(second));
      dashboard.answered(at(second));
    }
    assertThat(dashboard.due(at(699))).isNotEqualTo(Due.IDLE);
    assertThat(dashboard.due(at(700))).isEqualTo(Due.IDLE);
  }

  @Test
  void aTokenForeverIsNotOver() {
    liveness.admitted(at(1), Duration.ofSeconds(Long.MAX_VALUE));
    assertThat(liveness.due(at(2))).isEqualTo(Due.NOTHING);
  }
}
