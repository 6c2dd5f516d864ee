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
import java.time.InstantSource;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class VitalsTest {
  private static final HealthRules RULES =
      new HealthRules(2, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ZERO);
  private static final RunState GOING = new RunState.Going();
  private static final RunState DONE =
      new RunState.Succeeded(new TaskOutcome("done", null, null, null, null));

  private Instant now = Instant.EPOCH;
  private final InstantSource time = () -> now;
  private final Clock clock = time.withZone(ZoneOffset.UTC);
  private final Vitals vitals = new Vitals(null, RULES, clock, false);

  private static RunOrder run(int number) {
    return run(number, "acme");
  }

  private static RunOrder run(int number, String tenant) {
    return new RunOrder(
        new TaskId("t-" + number),
        new TenantId(tenant),
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
    return state(vitals);
  }

  private static InstanceState state(Vitals vitals) {
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
    now = now.plusMillis(100);
    vitals.heard(run(1));
    vitals.heard(run(1));
    assertThat(vitals.condition(4).latencyMs()).isEqualTo(100.0);
    vitals.ordered(run(2), GOING);
    now = now.plusMillis(600);
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

  private static void fail(Vitals vitals, String tenant, int count) {
    for (int i = 0; i < count; i++) {
      vitals.ordered(run(i, tenant), GOING);
      vitals.ended(run(i, tenant), new RunState.Failed("RUN_FAILED", "no", true));
    }
  }

  private Vitals shared(int ejectAfter) {
    Duration any = Duration.ofSeconds(30);
    return new Vitals(null, new HealthRules(ejectAfter, any, any, Duration.ZERO), clock, true);
  }

  @Test
  void oneTenantCannotEjectAnInstanceThatOthersUse() {
    Vitals vitals = shared(5);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
    fail(vitals, "evil", 50);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
    fail(vitals, "acme", 1);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
    fail(vitals, "acme", 1);
    assertThat(state(vitals)).isEqualTo(InstanceState.EJECTED);
  }

  @Test
  void failuresOfOneTenantAmongTheWorkOfOthersEjectNothing() {
    Vitals vitals = shared(5);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
    for (int i = 0; i < 20; i++) {
      fail(vitals, "evil", 2);
      vitals.ordered(run(i), GOING);
      vitals.ended(run(i), DONE);
    }
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
  }

  @Test
  void onTrialOneTenantDecidesNothingButAnyRunThatWorksDoes() {
    Vitals vitals = shared(2);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
    fail(vitals, "evil", 1);
    fail(vitals, "acme", 1);
    assertThat(state(vitals)).isEqualTo(InstanceState.EJECTED);
    now = now.plusSeconds(30);
    assertThat(state(vitals)).isEqualTo(InstanceState.DEGRADED);
    fail(vitals, "evil", 5);
    assertThat(state(vitals)).isEqualTo(InstanceState.DEGRADED);
    vitals.ordered(run(1), GOING);
    vitals.ended(run(1), DONE);
    assertThat(state(vitals)).isEqualTo(InstanceState.READY);
  }

  @Test
  void aRunThatWorksUntilItsTimeIsOverIsNotTheInstancesFault() {
    RunState late = new RunState.Failed("RUN_TIMEOUT", "too long", true);
    assertThat(state()).isEqualTo(InstanceState.READY);
    for (int i = 0; i < 9; i++) {
      vitals.ordered(run(i), GOING);
      vitals.heard(run(i));
      vitals.ended(run(i), late);
    }
    assertThat(state()).isEqualTo(InstanceState.READY);
    for (int i = 0; i < 2; i++) {
      vitals.ordered(run(i), GOING);
      vitals.ended(run(i), late);
    }
    assertThat(state()).isEqualTo(InstanceState.EJECTED);
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
