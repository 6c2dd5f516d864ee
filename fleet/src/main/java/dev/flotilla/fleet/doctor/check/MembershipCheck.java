package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Finding;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import dev.flotilla.identity.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether all nodes see the same fleet.
public record MembershipCheck() implements Check {
  private static final String NAME = "membership";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Finding> examine(Patient patient) {
    Survey survey = patient.survey();
    List<Finding> findings = new ArrayList<>();
    Set<String> all = new TreeSet<>();
    survey.states().keySet().forEach(id -> all.add(id.value()));
    survey.looks().stream().map(Survey.Look::node).filter(Objects::nonNull).forEach(all::add);
    for (NodeState node : survey.answered()) {
      Set<String> missing = new TreeSet<>(all);
      List<NodeId> seen = node.members();
      if (seen != null) {
        seen.forEach(id -> missing.remove(id.value()));
      }
      if (!missing.isEmpty()) {
        findings.add(
            Finding.error(
                NAME,
                "node " + node.id() + " does not see " + String.join(", ", missing),
                "the fleet is in parts: events of one part do not reach sessions of the other.",
                "make cluster.name and cluster.members the same everywhere, and let the nodes reach"
                    + " each other at cluster.host and cluster.port"));
      }
    }
    for (Survey.Look look : survey.looks()) {
      if (look.node() != null && look.trouble() != null) {
        findings.add(
            Finding.error(
                NAME,
                "node " + look.node() + " does not say who it sees: " + look.trouble(),
                "it takes commands of nobody, or not of this configuration.",
                "give every node the same identity.secret, and look at " + look.url() + "/health"));
      }
    }
    if (findings.isEmpty() && survey.answered().isEmpty()) {
      return List.of(Finding.unknown(NAME, "no node says who it sees"));
    }
    return findings.isEmpty()
        ? List.of(Finding.sound(NAME, "each of " + String.join(", ", all) + " sees all"))
        : findings;
  }
}
