package dev.flotilla.command.task.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.fault.FaultException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimesTest {
  @Test
  void timesAreThoseOfTheZone() {
    Times nightly = Times.of("30 2 * * 1-5", "Europe/Berlin");
    // A Friday.
    assertThat(nightly.after(Instant.parse("2026-11-20T00:00:00Z")))
        .contains(Instant.parse("2026-11-20T01:30:00Z"));
    assertThat(nightly.after(Instant.parse("2026-11-20T01:30:00Z")))
        .contains(Instant.parse("2026-11-23T01:30:00Z"));
  }

  @Test
  void aTimeThatTheClocksLeaveOutOrHaveTwiceCountsOnceAtMost() {
    Times nightly = Times.of("30 2 * * *", "Europe/Berlin");
    Instant spring = nightly.after(Instant.parse("2026-03-28T12:00:00Z")).orElseThrow();
    assertThat(spring)
        .isBetween(Instant.parse("2026-03-29T01:00:00Z"), Instant.parse("2026-03-30T00:30:00Z"));
    Instant autumn = nightly.after(Instant.parse("2026-10-24T12:00:00Z")).orElseThrow();
    assertThat(nightly.after(autumn)).contains(Instant.parse("2026-10-26T01:30:00Z"));
  }

  @Test
  void theLatestTimeIncludesThisMoment() {
    Times minutes = Times.of("*/5 * * * *", "UTC");
    Instant time = Instant.parse("2026-11-20T10:05:00Z");
    assertThat(minutes.latest(time)).contains(time);
    assertThat(minutes.latest(time.minusMillis(1))).contains(time.minusSeconds(300));
    assertThat(minutes.latest(time.plusSeconds(299))).contains(time);
    assertThat(minutes.until(time, time.plusSeconds(900), 3))
        .containsExactly(time, time.plusSeconds(300), time.plusSeconds(600));
  }

  @Test
  void whatIsNoCronOrNoZoneIsRefusedByName() {
    assertThat(field("every day", "UTC")).isEqualTo("cron");
    assertThat(field("61 * * * *", "UTC")).isEqualTo("cron");
    assertThat(field("* * * * *", "Europe/Atlantis")).isEqualTo("zone");
  }

  private static String field(String cron, String zone) {
    return String.valueOf(
        catchThrowableOfType(FaultException.class, () -> Times.of(cron, zone)).fault().field());
  }
}
