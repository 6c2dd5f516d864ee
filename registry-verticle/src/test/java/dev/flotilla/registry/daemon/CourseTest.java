package dev.flotilla.registry.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.LocalGateway;
import dev.flotilla.dispatch.LocalReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CourseTest {
  private static final Sight LISTENS = new Sight(true, true, null);
  private static final Sight SILENT = new Sight(false, false, null);
  private static final Sight BUSY = new Sight(false, true, null);
  private static final Sight DEAD = new Sight(false, false, "exit code 1");
  private static final LocalGateway RULES =
      new LocalGateway(
          true,
          "local",
          1,
          List.of(),
          null,
          null,
          Duration.ofSeconds(2),
          Duration.ofSeconds(15),
          Duration.ofSeconds(90),
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          3,
          Duration.ofSeconds(10),
          false,
          null,
          null);

  private Instant now = Instant.EPOCH;
  private Course course = new Course.Missing(now, 0);

  private Course see(int later, Sight sight) {
    now = now.plusSeconds(later);
    course = course.after(sight, now, RULES);
    return course;
  }

  @Test
  void whatRunsAlreadyIsNotStarted() {
    assertThat(see(14, SILENT)).isInstanceOf(Course.Missing.class);
    assertThat(see(0, LISTENS)).isInstanceOf(Course.Up.class);
  }

  @Test
  void whatIsMissingForTheWindowIsStarted() {
    see(14, SILENT);
    assertThat(see(1, SILENT)).isInstanceOf(Course.Starting.class);
    assertThat(course.told(RULES)).isEqualTo(LocalReport.Course.STARTING);
  }

  @Test
  void whatDiesIsStartedAgainWithoutWaitingForTheWindow() {
    see(15, SILENT);
    see(5, LISTENS);
    see(100, LISTENS);
    assertThat(see(2, DEAD)).isEqualTo(new Course.Resting(now.plusSeconds(1), 1, "exit code 1"));
    assertThat(see(1, SILENT)).isInstanceOf(Course.Starting.class);
  }

  @Test
  void aRestartOfItsOwnIsLeftAlone() {
    see(15, SILENT);
    see(5, LISTENS);
    see(2, BUSY);
    assertThat(see(60, BUSY)).isInstanceOf(Course.Missing.class);
    assertThat(see(1, LISTENS)).isInstanceOf(Course.Up.class);
  }

  @Test
  void whatRunsButListensNoMoreHasFailed() {
    see(15, SILENT);
    see(5, LISTENS);
    see(2, BUSY);
    assertThat(see(90, BUSY)).isInstanceOf(Course.Resting.class);
  }

  @Test
  void aProgramThatOnlyTellsASupervisorIsWaitedFor() {
    see(15, SILENT);
    assertThat(see(2, SILENT)).isInstanceOf(Course.Starting.class);
    assertThat(see(88, SILENT)).isInstanceOf(Course.Resting.class);
  }

  @Test
  void waitsGrowUpToTheLongest() {
    see(15, SILENT);
    for (int wait : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
      assertThat(see(1, DEAD)).isInstanceOf(Course.Resting.class);
      assertThat(see(wait - 1, SILENT))
          .as("after %d s", wait - 1)
          .isInstanceOf(Course.Resting.class);
      assertThat(see(1, SILENT)).as("after %d s", wait).isInstanceOf(Course.Starting.class);
    }
  }

  @Test
  void failuresInARowAreACrashLoopUntilItHasHeldOut() {
    see(15, SILENT);
    for (int i = 0; i < 3; i++) {
      see(1, DEAD);
      assertThat(course.told(RULES) == LocalReport.Course.CRASH_LOOP).isEqualTo(i == 2);
      see(60, SILENT);
    }
    assertThat(course.told(RULES)).isEqualTo(LocalReport.Course.CRASH_LOOP);
    see(5, LISTENS);
    see(59, LISTENS);
    assertThat(course.told(RULES)).isEqualTo(LocalReport.Course.CRASH_LOOP);
    see(1, LISTENS);
    assertThat(course.told(RULES)).isEqualTo(LocalReport.Course.FINE);
  }

  @Test
  void whatComesUpAndDiesEachTimeIsACrashLoopToo() {
    see(15, SILENT);
    for (int i = 0; i < 3; i++) {
      see(5, LISTENS);
      see(5, DEAD);
      see(60, SILENT);
    }
    assertThat(course.told(RULES)).isEqualTo(LocalReport.Course.CRASH_LOOP);
  }
}
