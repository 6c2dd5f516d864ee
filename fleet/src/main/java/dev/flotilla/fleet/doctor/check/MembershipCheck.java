package dev.flotilla.fleet.doctor.check;

import dev.flotilla.contract.OpsResult.NodeState;
import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import dev.flotilla.fleet.doctor.Survey;
import dev.flotilla.identity.NodeId;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/// Whether all nodes see the same fleet.
public record MembershipCheck() implements Check {

  @Override
  public void examine(Patient patient, Findings found) {
    Survey survey = patient.survey();
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
        found.error(
            "node " + node.id() + " does not see " + String.join(", ", missing),
            "the fleet is in parts: events of one part do not reach sessions of the other.",
            "make cluster.name and cluster.members the same everywhere, and let the nodes reach"
                + " each other at cluster.host and cluster.port");
      }
    }
    for (Survey.Look look : survey.looks()) {
      if (look.node() != null && look.trouble() != null) {
        found.error(
            "node " + look.node() + " does not say who it sees: " + look.trouble(),
            "it takes commands of nobody, or not of this configuration.",
            "give every node the same identity.secret, and look at " + look.url() + "/health");
      }
    }
    if (survey.answered().isEmpty()) {
      found.elseUnknown("no node says who it sees");
    }
    found.elseSound("each of " + String.join(", ", all) + " sees all");
  }
}
