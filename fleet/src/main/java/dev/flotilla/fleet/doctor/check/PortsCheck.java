package dev.flotilla.fleet.doctor.check;

import dev.flotilla.fleet.ListenCheck;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import java.util.ArrayList;
import java.util.List;

/// Who listens where the nodes should.
public record PortsCheck() implements Check {
  private static final String NAME = "ports";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    List<Finding> findings = new ArrayList<>();
    for (Survey.Look look : patient.survey().looks()) {
      if (look.node() == null) {
        findings.add(absent(look));
      } else if (!look.node().equals(look.name()) && !look.name().contains("://")) {
        findings.add(
            Finding.error(
                NAME,
                look.url() + " is node " + look.node() + ", and should be " + look.name(),
                "two nodes are told to listen at the same place; one of them does not start.",
                "give one of them another gateway.port"));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.sound(NAME, patient.survey().looks().size() + " nodes answer"))
        : findings;
  }

  private static Finding absent(Survey.Look look) {
    String host = String.valueOf(look.url().getHost());
    if (look.url().getPort() > 0 && ListenCheck.isTaken(host, look.url().getPort())) {
      return Finding.error(
          NAME,
          "something else than node " + look.name() + " listens at " + look.url(),
          "the node cannot start, or it hangs (" + look.trouble() + ").",
          "find out who it is with `ss -ltnp 'sport = :" + look.url().getPort() + "'`");
    }
    return Finding.error(
        NAME,
        "node " + look.name() + " does not answer at " + look.url() + ": " + look.trouble(),
        "its sessions and tasks are with the other nodes, if there are any.",
        "start it: `flotilla node --config FILE`, and look at its log");
  }
}
