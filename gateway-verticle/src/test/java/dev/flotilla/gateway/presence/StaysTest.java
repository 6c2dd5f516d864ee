package dev.flotilla.gateway.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.presence.Stays.Repair;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.presence.Who;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StaysTest {
  private static final Who ALICE = new Who(new TenantId("acme"), new UserId("alice"));
  private static final Who BOB = new Who(new TenantId("acme"), new UserId("bob"));
  private static final long LINGER = Duration.ofSeconds(5).toNanos();
  private static final int ALL = 10;

  private final Stays stays = new Stays(Duration.ofNanos(LINGER));

  private void here(Who who) {
    stays.arrive(who);
    stays.came(stays.takeComing(ALL));
  }

  @Test
  void onlyTheFirstSessionComesAndOnlyTheLastLeaves() {
    here(ALICE);
    stays.arrive(ALICE);
    assertThat(stays.takeComing(ALL)).isEmpty();
    stays.leave(ALICE, 0);
    assertThat(stays.takeLeaving(ALL, 2 * LINGER)).isEmpty();
    stays.leave(ALICE, 0);
    assertThat(stays.takeLeaving(ALL, LINGER - 1)).isEmpty();
    assertThat(stays.takeLeaving(ALL, LINGER)).containsExactly(ALICE);
  }

  @Test
  void whoComesBackInTimeHasNeverLeft() {
    here(ALICE);
    stays.leave(ALICE, 0);
    stays.arrive(ALICE);
    assertThat(stays.takeLeaving(ALL, 2 * LINGER)).isEmpty();
    assertThat(stays.takeComing(ALL)).isEmpty();
  }

  @Test
  void whoComesBackWhileLeavingComesAnew() {
    here(ALICE);
    stays.leave(ALICE, 0);
    List<Who> leaving = stays.takeLeaving(ALL, LINGER);
    stays.arrive(ALICE);
    assertThat(stays.takeComing(ALL)).isEmpty();
    stays.went(leaving);
    assertThat(stays.takeComing(ALL)).containsExactly(ALICE);
  }

  @Test
  void whoIsGoneIsForgotten() {
    here(ALICE);
    stays.leave(ALICE, 0);
    stays.went(stays.takeLeaving(ALL, LINGER));
    stays.arrive(BOB);
    stays.leave(BOB, 0);
    assertThat(stays.takeComing(ALL)).isEmpty();
    assertThat(stays.takeLeaving(ALL, LINGER)).isEmpty();
    assertThat(stays.size()).isZero();
  }

  @Test
  void anArrivalThatNobodyWasToldOfIsUndoneAndToldAgain() {
    stays.arrive(ALICE);
    stays.takeComing(ALL);
    assertThat(stays.compare(Set.of(ALICE), false, 0))
        .isEqualTo(new Repair(List.of(ALICE), List.of()));
    assertThat(stays.takeComing(ALL)).containsExactly(ALICE);
  }

  @Test
  void aLeaveThatNobodyWasToldOfIsUndoneAndToldAgain() {
    here(ALICE);
    stays.leave(ALICE, 0);
    stays.takeLeaving(ALL, LINGER);
    assertThat(stays.compare(Set.of(), false, LINGER))
        .isEqualTo(new Repair(List.of(), List.of(ALICE)));
    assertThat(stays.takeLeaving(ALL, LINGER)).containsExactly(ALICE);
  }

  @Test
  void aLostRosterIsRestoredWithoutTellingAnybody() {
    here(ALICE);
    here(BOB);
    Repair repair = stays.compare(Set.of(), false, 0);
    assertThat(repair.redo()).containsExactlyInAnyOrder(ALICE, BOB);
    assertThat(stays.takeComing(ALL)).isEmpty();
  }

  @Test
  void whoOthersPutOfflineComesAnew() {
    here(ALICE);
    here(BOB);
    stays.leave(BOB, 0);
    assertThat(stays.compare(Set.of(), true, 0)).isEqualTo(new Repair(List.of(), List.of()));
    assertThat(stays.takeComing(ALL)).containsExactly(ALICE);
    assertThat(stays.takeLeaving(ALL, 2 * LINGER)).isEmpty();
    assertThat(stays.size()).isEqualTo(1);
  }

  @Test
  void usersOfAnEarlierLifeMayComeBackUnnoticedAndLeaveOtherwise() {
    assertThat(stays.compare(Set.of(ALICE, BOB), false, 0))
        .isEqualTo(new Repair(List.of(), List.of()));
    stays.arrive(ALICE);
    assertThat(stays.takeComing(ALL)).isEmpty();
    assertThat(stays.takeLeaving(ALL, LINGER)).containsExactly(BOB);
  }
}
