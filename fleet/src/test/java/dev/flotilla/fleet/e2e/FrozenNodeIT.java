package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A node that does not run for a while: a paused machine, a long stall, a partition.
class FrozenNodeIT {
  private static final int OLDEST = 1;

  @TempDir Path directory;

  /// One fleet for all of it: the first node stays the oldest member, which leads the cluster,
  /// until it is frozen itself.
  @Test
  void aFrozenNodeIsTakenOutAndComesBackByItselfAndAShortPauseChangesNothing() throws Exception {
    try (FleetProcess fleet = FleetProcess.up(directory.resolve("data"), 3)) {
      pauses(fleet, 3);
      isOutAndComesBack(fleet, 3);
      isOutAndComesBack(fleet, OLDEST);
      assertThat(fleet.standardError()).isEmpty();
    }
  }

  private static void pauses(FleetProcess fleet, int paused) throws Exception {
    fleet.freeze(paused);
    double before = echoes(fleet, 1, "n2");
    await().until(() -> echoes(fleet, 1, "n2") > before);
    fleet.thaw(paused);
    await().until(() -> everyPeerAnswers(fleet, 1) && everyPeerAnswers(fleet, paused));
    await().until(() -> fleet.meter(1, "flotilla_nodes") == 3.0);
  }

  private static void isOutAndComesBack(FleetProcess fleet, int frozen) throws Exception {
    int witness = 2;
    int other = 4 - frozen;
    long pid = fleet.node(frozen).pid();
    fleet.freeze(frozen);
    await()
        .until(
            () ->
                fleet.meter(witness, "flotilla_nodes") == 2.0
                    && fleet.meter(other, "flotilla_nodes") == 2.0);
    await().until(() -> fleet.isReady(witness) && fleet.isReady(other));

    fleet.thaw(frozen);
    for (int node = 1; node <= 3; node++) {
      int seen = node;
      await().until(() -> fleet.meter(seen, "flotilla_nodes") == 3.0);
    }
    for (int node = 1; node <= 3; node++) {
      int checked = node;
      await().until(() -> everyPeerAnswers(fleet, checked));
      await().until(() -> fleet.isReady(checked));
    }
    assertThat(fleet.node(frozen).pid()).as("it is the same process").isEqualTo(pid);
  }

  /// Every peer answers again now: its counted round trips go on.
  private static boolean everyPeerAnswers(FleetProcess fleet, int node) throws Exception {
    for (int peer = 1; peer <= 3; peer++) {
      if (peer != node) {
        String id = "n" + peer;
        double before = echoes(fleet, node, id);
        await().until(() -> echoes(fleet, node, id) > before);
      }
    }
    return true;
  }

  private static double echoes(FleetProcess fleet, int node, String peer) throws Exception {
    return fleet.meter(node, "flotilla_bus_round_trip_seconds_count{peer=\"" + peer + "\"}");
  }
}
