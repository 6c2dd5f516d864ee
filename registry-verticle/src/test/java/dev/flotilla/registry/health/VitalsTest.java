package dev.flotilla.registry.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.contract.Result.TaskOutcome;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.link.Observation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class VitalsTest {
  private static final HealthRules RULES =
      new HealthRules(2, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ZERO);
  private static final RunState GOING = new RunState.Going();
  private static final RunState DONE =
      new RunState.Succeeded(new TaskOutcome("done", null, null, null, null));

  private final HandClock clock = new HandClock();
  private final Vitals vitals = new Vitals(null, RULES, clock);

  private static final class HandClock extends Clock {
    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private static RunOrder run(int number) {
    return new RunOrder(
        new TaskId("t-" + number),
        new TenantId("acme"),
        new InstanceId("i"),
        1,
        "run-" + number,
        null,
        "key",
        "prompt",
        false,
        1000,
        new NodeId("n"),
        null);
  }

  private InstanceState state() {
    Observation seen =
        new Observation(
            InstanceState.READY,
            "connected",
            Instant.EPOCH,
            null,
            0,
            LinkView.of(LinkStatus.CONNECTED));
    return vitals.show(seen, 4, true).state();
  }

  @Test
  void latencyIsFromTheOrderToTheFirstSignOfLifeAndSmoothed() {
    vitals.ordered(run(1), GOING);
    clock.now = clock.now.plusMillis(100);
    vitals.heard(run(1));
    vitals.heard(run(1));
    assertThat(vitals.condition(4).latencyMs()).isEqualTo(100.0);
    vitals.ordered(run(2), GOING);
    clock.now = clock.now.plusMillis(600);
    vitals.heard(run(2));
    assertThat(vitals.condition(4).latencyMs()).isEqualTo(200.0);
  }

  @Test
  void aRunCountsOnceHoweverOftenItsEndIsTold() {
    assertThat(state()).isEqualTo(InstanceState.READY);
    vitals.ordered(run(1), GOING);
    RunState failed = new RunState.Failed("RUN_FAILED", "no", true);
    vitals.ended(run(1), failed);
    vitals.ended(run(1), failed);
    assertThat(state()).isEqualTo(InstanceState.READY);
    vitals.ordered(run(2), GOING);
    vitals.ended(run(2), failed);
    assertThat(state()).isEqualTo(InstanceState.EJECTED);
  }

  @Test
  void whatIsNotTheInstancesFaultDoesNotCount() {
    assertThat(state()).isEqualTo(InstanceState.READY);
    for (int i = 0; i < 9; i++) {
      vitals.ordered(run(i), GOING);
      vitals.ended(
          run(i),
          i % 2 == 0
              ? new RunState.Failed("RUN_REJECTED", "bad prompt", false)
              : new RunState.Aborted("cancelled"));
    }
    assertThat(state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void aRunThatTheLinkHasNotTakenIsNotOpen() {
    vitals.ordered(run(1), new RunState.Unreachable("down"));
    vitals.ordered(run(2), DONE);
    assertThat(vitals.open()).isEmpty();
    vitals.ordered(run(3), GOING);
    vitals.ordered(run(3), new RunState.Unreachable("down"));
    assertThat(vitals.open()).hasSize(1);
    vitals.ended(run(3), DONE);
    assertThat(vitals.open()).isEmpty();
  }
}
