package dev.flotilla.fleet.doctor.check;

import dev.flotilla.config.Access;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;

/// Whether nodes can be reached where other nodes look for them: at the ports of the cluster and of
/// the bus, from the machine that this runs on. How the nodes themselves reach each other is told
/// by the checks of membership and bus.
public record NetworkCheck() implements Check {

  @Override
  public void examine(Patient patient, Findings found) {
    int reached = 0;
    for (FleetConfig config : patient.configs()) {
      String node = String.valueOf(config.node().id());
      FleetConfig.Cluster cluster = config.cluster();
      if (Access.isLoopback(cluster.host()) && namesOtherMachines(cluster)) {
        found.error(
            "node " + node + " is reached by other nodes at " + cluster.host() + " only",
            "cluster.members names other machines, and none of them can reach this one.",
            "set cluster.host to its address in the network of the nodes");
      }
      // Of one that is not there at all, another check tells.
      if (answers(patient, node)) {
        reached += reach(node, "cluster.port", cluster.host(), cluster.port(), found);
        reached += reach(node, "cluster.busPort", cluster.host(), cluster.busPort(), found);
      }
    }
    if (reached == 0) {
      found.elseUnknown("no node answers");
    }
    found.elseSound(reached + " ports of the cluster can be reached from here");
  }

  private static boolean answers(Patient patient, String node) {
    return patient.survey().looks().stream().map(Survey.Look::node).anyMatch(node::equals);
  }

  /// @return how many ports were reached
  private static int reach(String node, String setting, String host, int port, Findings found) {
    if (port == 0) {
      return 0; // A free one, that nobody can know before.
    }
    if (ListenCheck.isTaken(host, port)) {
      return 1;
    }
    found.error(
        "node " + node + " answers, and not at its " + setting + ", " + host + ":" + port,
        "nodes that cannot reach it there are another fleet: events and commands stop between"
            + " them.",
        "try `nc -vz "
            + host
            + " "
            + port
            + "` on each node, and let the firewall pass it; or the node runs with another "
            + setting
            + ": restart it");
    return 0;
  }

  private static boolean namesOtherMachines(FleetConfig.Cluster cluster) {
    return cluster.members().stream()
        .map(member -> member.replaceFirst(":\\d+$", ""))
        .anyMatch(host -> !Access.isLoopback(host));
  }
}
