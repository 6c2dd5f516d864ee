package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.BusTrip;
import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import java.util.List;
import java.util.Objects;

/// Whether each pair of nodes gets messages to each other, and how fast.
public record BusTripsCheck() implements Check {
  private static final double SLOW_MS = 100;
  private static final int LOST = 2;

  @Override
  public void examine(Patient patient, Findings found) {
    double slowest = 0;
    int pairs = 0;
    for (NodeState node : patient.survey().states().values()) {
      if (node.trouble() != null) {
        found.error(
            "node " + node.id() + " is a member and does not answer over the bus",
            "commands and events that it should get are lost.",
            "look at its log; if its loops hang, restart it");
      }
      for (BusTrip trip : Objects.requireNonNullElse(node.bus(), List.<BusTrip>of())) {
        pairs++;
        Double last = trip.lastMs();
        if (trip.missed() >= LOST || last == null) {
          found.error(
              "node " + trip.peer() + " does not answer node " + node.id(),
              "what one of them says does not reach the other.",
              "let each node reach the others at cluster.host, port cluster.busPort");
        } else {
          slowest = Math.max(slowest, last);
        }
      }
    }
    if (slowest > SLOW_MS) {
      found.warning(
          "a message took " + Math.round(slowest) + " ms from node to node and back",
          "every command makes the way once.",
          "look for a node that is short of CPU, and keep the nodes close to each other");
    }
    if (patient.survey().answered().isEmpty()) {
      found.elseUnknown("no node says whom it hears");
    }
    found.elseSound(pairs + " directions between nodes, slowest " + Math.round(slowest) + " ms");
  }
}
