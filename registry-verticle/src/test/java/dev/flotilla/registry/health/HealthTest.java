package dev.flotilla.registry.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final HealthRules RULES =
      new HealthRules(3, Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofSeconds(10));
  private static final List<InstanceWish> WISHES = List.of(InstanceWish.values());
  private static final int SLOTS = 8;

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private Health health = Health.begin(null, now);
  private @Nullable Shown shown;

  private Shown show() {
    return show(true);
  }

  private Shown show(boolean spare) {
    Shown next = health.show(shown, SLOTS, spare, now, RULES);
    shown = next;
    return next;
  }

  private void take(Sign... signs) {
    for (Sign sign : signs) {
      health = health.after(sign, now, RULES);
    }
  }

  private void pass(Duration time) {
    now = now.plus(time);
    take(new Sign.Passed());
  }

  private static Sign looks(InstanceState state) {
    return new Sign.Looked(state, "it is " + state.wireName());
  }

  private void eject() {
    take(looks(InstanceState.READY));
    take(new Sign.Faulted("x"), new Sign.Faulted("x"), new Sign.Faulted("x"));
  }

  @Test
  void itIsWhatItsLinkSeesAtFirst() {
    assertThat(show().state()).isEqualTo(InstanceState.STARTING);
    take(looks(InstanceState.READY));
    assertThat(show()).isEqualTo(new Shown(InstanceState.READY, "it is ready", now, SLOTS));
    take(looks(InstanceState.DEGRADED));
    assertThat(show().slots()).isZero();
  }

  @Test
  void aStateBeginsOnceHoweverOftenItIsSeen() {
    take(looks(InstanceState.READY));
    Instant began = show().since();
    pass(Duration.ofSeconds(20));
    take(new Sign.Looked(InstanceState.READY, "still fine"));
    assertThat(show().since()).isEqualTo(began);
    assertThat(show().reason()).isEqualTo("still fine");
  }

  @Test
  void whatOperatorsWantHidesWhetherItCouldButNotThatItIsDown() {
    take(looks(InstanceState.READY), new Sign.Wished(InstanceWish.CORDON, "disk"));
    assertThat(show()).isEqualTo(new Shown(InstanceState.CORDONED, "disk", now, 0));
    take(new Sign.Wished(InstanceWish.DRAIN, "upgrade"));
    assertThat(show().state()).isEqualTo(InstanceState.DRAINING);
    take(looks(InstanceState.DOWN));
    assertThat(show().state()).isEqualTo(InstanceState.DOWN);
    take(looks(InstanceState.READY), new Sign.Wished(InstanceWish.SERVE, null));
    assertThat(show().state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void faultsInARowEjectItAndOneThatWentWellBeginsAnewRow() {
    take(looks(InstanceState.READY));
    take(new Sign.Faulted("x"), new Sign.Faulted("x"), new Sign.Worked());
    take(new Sign.Faulted("x"), new Sign.Faulted("x"));
    assertThat(show().state()).isEqualTo(InstanceState.READY);
    take(new Sign.Faulted("the model says no"));
    assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
    assertThat(show().reason()).contains("the model says no").contains("time 1");
    assertThat(show().slots()).isZero();
  }

  @Test
  void halfOfManyRunsThatFailEjectItTooHoweverTheyAreMixed() {
    take(looks(InstanceState.READY));
    for (int i = 0; i < 5; i++) {
      take(new Sign.Worked(), new Sign.Faulted("x"));
    }
    assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
  }

  @Test
  void afterItsTimeItIsTriedWithOneRunAndThatDecides() {
    eject();
    pass(Duration.ofSeconds(29));
    assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
    pass(Duration.ofSeconds(1));
    assertThat(show().state()).isEqualTo(InstanceState.DEGRADED);
    assertThat(show().slots()).isEqualTo(1);
    take(new Sign.Worked());
    assertThat(show().state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void eachFurtherEjectionLastsTwiceAsLongUpToALimit() {
    eject();
    Duration length = Duration.ofSeconds(30);
    for (int i = 0; i < 8; i++) {
      pass(length.minusMillis(1));
      assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
      pass(Duration.ofMillis(1));
      assertThat(show().state()).isEqualTo(InstanceState.DEGRADED);
      take(new Sign.Faulted("again"));
      length = length.multipliedBy(2);
      length = length.compareTo(RULES.maxEjection()) < 0 ? length : RULES.maxEjection();
    }
    assertThat(length).isEqualTo(RULES.maxEjection());
  }

  @Test
  void aTrialThatNobodyMakesEndsWell() {
    eject();
    pass(Duration.ofSeconds(30));
    pass(Duration.ofSeconds(30));
    assertThat(show().state()).isEqualTo(InstanceState.READY);
  }

  @Test
  void whatItsPoolCannotSpareGetsOneRunAtATime() {
    eject();
    assertThat(show(false).state()).isEqualTo(InstanceState.DEGRADED);
    assertThat(show(false).slots()).isEqualTo(1);
    assertThat(show(true).state()).isEqualTo(InstanceState.EJECTED);
  }

  @Test
  void whoIsBackTakesItsLoadLittleByLittle() {
    take(looks(InstanceState.READY), looks(InstanceState.DOWN), looks(InstanceState.READY));
    assertThat(show().slots()).isEqualTo(1);
    pass(Duration.ofSeconds(5));
    assertThat(show().slots()).isEqualTo(4);
    assertThat(show().reason()).contains("4 of 8");
    pass(Duration.ofSeconds(5));
    assertThat(show()).extracting(Shown::slots, Shown::reason).containsExactly(8, "it is ready");
  }

  @Test
  void whoLeavesProperlyHasNotFailed() {
    for (int i = 0; i < 20; i++) {
      take(looks(InstanceState.READY), looks(InstanceState.DEGRADED));
      take(looks(InstanceState.DOWN), looks(InstanceState.STARTING));
    }
    take(looks(InstanceState.READY));
    assertThat(show())
        .extracting(Shown::state, Shown::slots)
        .containsExactly(InstanceState.READY, SLOTS);
  }

  @Test
  void whoCrashesAgainAndAgainIsEjectedWhenItIsBack() {
    for (int i = 0; i < 3; i++) {
      take(looks(InstanceState.READY), looks(InstanceState.DOWN));
    }
    assertThat(show().state()).isEqualTo(InstanceState.DOWN);
    take(looks(InstanceState.READY));
    assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
  }

  @Test
  void theNextOwnerOfTheLinkGoesOnWithTheEjection() {
    eject();
    pass(Duration.ofSeconds(10));
    health = Health.begin(health.condition(0, 7.0), now);
    take(looks(InstanceState.READY));
    assertThat(show().state()).isEqualTo(InstanceState.EJECTED);
    pass(Duration.ofSeconds(20));
    take(new Sign.Faulted("again"));
    assertThat(show().reason()).contains("time 2");
  }

  @RepeatedTest(300)
  void whateverHappens(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    List<InstanceState> seen =
        List.of(
            InstanceState.STARTING,
            InstanceState.READY,
            InstanceState.DEGRADED,
            InstanceState.DOWN);
    for (int step = 0; step < 200; step++) {
      now = now.plusMillis(random.nextInt(20_000));
      take(
          switch (random.nextInt(5)) {
            case 0 -> looks(seen.get(random.nextInt(seen.size())));
            case 1 -> new Sign.Worked();
            case 2 -> new Sign.Faulted("x");
            case 3 -> new Sign.Wished(WISHES.get(random.nextInt(3)), null);
            default -> new Sign.Passed();
          });
      boolean spare = random.nextBoolean();
      Shown told = show(spare);
      assertThat(told.slots()).isBetween(0, SLOTS);
      assertThat(told.reason()).isNotBlank();
      assertThat(told.since()).isBeforeOrEqualTo(now);
      boolean takes = told.slots() > 0;
      assertThat(takes)
          .isEqualTo(
              told.state() == InstanceState.READY
                  || (told.state() == InstanceState.DEGRADED
                      && health.link() == InstanceState.READY));
      assertThat(takes && health.wish() != InstanceWish.SERVE).isFalse();
      assertThat(told.state() == InstanceState.EJECTED && !spare).isFalse();
    }
    // Left alone, whatever it went through, it serves fully again.
    take(looks(InstanceState.READY), new Sign.Wished(InstanceWish.SERVE, null));
    for (int i = 0; i < 4; i++) {
      pass(RULES.maxEjection());
    }
    assertThat(show())
        .extracting(Shown::state, Shown::slots)
        .containsExactly(InstanceState.READY, SLOTS);
  }
}
