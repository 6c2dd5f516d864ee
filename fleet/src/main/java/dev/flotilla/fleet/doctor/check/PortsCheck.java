package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;

/// Who listens where the nodes should.
public record PortsCheck() implements Check {

  @Override
  public void examine(Patient patient, Findings found) {
    for (Survey.Look look : patient.survey().looks()) {
      if (look.node() == null) {
        absent(look, found);
      } else if (!look.node().equals(look.name()) && !look.name().contains("://")) {
        found.error(
            look.url() + " is node " + look.node() + ", and should be " + look.name(),
            "two nodes are told to listen at the same place; one of them does not start.",
            "give one of them another gateway.port");
      }
    }
    found.elseSound(patient.survey().looks().size() + " nodes answer");
  }

  private static void absent(Survey.Look look, Findings found) {
    String host = String.valueOf(look.url().getHost());
    if (look.url().getPort() > 0 && ListenCheck.isTaken(host, look.url().getPort())) {
      found.error(
          "something else than node " + look.name() + " listens at " + look.url(),
          "the node cannot start, or it hangs (" + look.trouble() + ").",
          "find out who it is with `ss -ltnp 'sport = :" + look.url().getPort() + "'`");
      return;
    }
    found.error(
        "node " + look.name() + " does not answer at " + look.url() + ": " + look.trouble(),
        "its sessions and tasks are with the other nodes, if there are any.",
        "start it: `flotilla node --config FILE`, and look at its log");
  }
}
