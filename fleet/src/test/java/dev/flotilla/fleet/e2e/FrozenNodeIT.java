package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A node that does not run for a while: a paused machine, a long stall, a partition.
class FrozenNodeIT {
  private static final Duration OUT_WITHIN = Duration.ofSeconds(6);
  private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

  @TempDir Path directory;

  /// The first node is the oldest member, which leads the cluster.
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aFrozenNodeIsOutSoonAndComesBackByItself(int frozen) throws Exception {
    int witness = 2;
    int other = 4 - frozen;
    try (FleetProcess fleet = FleetProcess.up(directory.resolve("data"), 3)) {
      long pid = fleet.node(frozen).pid();
      fleet.freeze(frozen);
      await()
          .atMost(OUT_WITHIN)
          .until(
              () ->
                  fleet.meter(witness, "flotilla_nodes") == 2.0
                      && fleet.meter(other, "flotilla_nodes") == 2.0);
      await().until(() -> fleet.isReady(witness) && fleet.isReady(other));

      fleet.thaw(frozen);
      for (int node = 1; node <= 3; node++) {
        int seen = node;
        await().atMost(BACK_WITHIN).until(() -> fleet.meter(seen, "flotilla_nodes") == 3.0);
      }
      for (int node = 1; node <= 3; node++) {
        int checked = node;
        await().atMost(BACK_WITHIN).until(() -> everyPeerAnswers(fleet, checked));
        await().atMost(BACK_WITHIN).until(() -> fleet.isReady(checked));
      }
      assertThat(fleet.node(frozen).pid()).as("it is the same process").isEqualTo(pid);
      assertThat(fleet.standardError()).isEmpty();
    }
  }

  @Test
  void aShortPauseChangesNothing() throws Exception {
    try (FleetProcess fleet = FleetProcess.up(directory.resolve("data"), 3)) {
      fleet.freeze(3);
      double before = echoes(fleet, 1, "n2");
      await().until(() -> echoes(fleet, 1, "n2") > before);
      fleet.thaw(3);
      await().until(() -> everyPeerAnswers(fleet, 1) && everyPeerAnswers(fleet, 3));
      assertThat(fleet.meter(1, "flotilla_nodes")).isEqualTo(3.0);
    }
  }

  /// Every peer answers again now: its counted round trips go on.
  private static boolean everyPeerAnswers(FleetProcess fleet, int node) throws Exception {
    for (int peer = 1; peer <= 3; peer++) {
      if (peer != node) {
        String id = "n" + peer;
        double before = echoes(fleet, node, id);
        await().atMost(BACK_WITHIN).until(() -> echoes(fleet, node, id) > before);
      }
    }
    return true;
  }

  private static double echoes(FleetProcess fleet, int node, String peer) throws Exception {
    return fleet.meter(node, "flotilla_bus_round_trip_seconds_count{peer=\"" + peer + "\"}");
  }
}
