package dev.flotilla.registry.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PoolsTest {
  private static InstanceReport report(int number, InstanceState state, int second) {
    return new InstanceReport(
        new InstanceId("i-" + number),
        state,
        "why",
        Instant.ofEpochSecond(second),
        new NodeId("n"),
        null,
        0,
        List.of(),
        Instant.EPOCH);
  }

  private static boolean canSpare(int number, List<InstanceReport> pool) {
    return Pools.canSpare(new InstanceId("i-" + number), pool.size(), pool);
  }

  @Test
  void theOnlyInstanceStays() {
    assertThat(canSpare(0, List.of(report(0, InstanceState.READY, 0)))).isFalse();
  }

  @Test
  void atMostHalfOfAPoolIsEjected() {
    List<InstanceReport> pool = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      pool.add(report(i, i < 1 ? InstanceState.EJECTED : InstanceState.READY, i));
    }
    assertThat(canSpare(3, pool)).isTrue();
    pool.set(1, report(1, InstanceState.EJECTED, 1));
    assertThat(canSpare(3, pool)).isFalse();
  }

  @Test
  void ofTooManyThatWereEjectedAtOnceTheLastTakeWorkAgain() {
    List<InstanceReport> pool = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pool.add(report(i, InstanceState.EJECTED, i < 2 ? 9 : i));
    }
    assertThat(List.of(0, 1, 2, 3)).filteredOn(i -> canSpare(i, pool)).containsExactly(2, 3);
  }
}
