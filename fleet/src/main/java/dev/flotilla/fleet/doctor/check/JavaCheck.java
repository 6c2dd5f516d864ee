package dev.flotilla.fleet.doctor.check;

import static java.util.stream.Collectors.toCollection;

import dev.flotilla.fleet.doctor.Check;
import dev.flotilla.fleet.doctor.Findings;
import dev.flotilla.fleet.doctor.Patient;
import java.util.Set;
import java.util.TreeSet;

/// Which Java and which version of the fleet the nodes run.
public record JavaCheck() implements Check {
  private static final int NEEDED = 25;

  @Override
  public void examine(Patient patient, Findings found) {
    if (Runtime.version().feature() < NEEDED) {
      found.error(
          "this is Java " + Runtime.version(),
          "the fleet is built for Java " + NEEDED + ".",
          "install a JDK " + NEEDED + " and set JAVA_HOME to it");
    }
    var nodes = patient.survey().answered();
    Set<String> javas =
        nodes.stream().map(node -> "" + node.java()).collect(toCollection(TreeSet::new));
    if (javas.size() > 1) {
      found.warning(
          "nodes run different Javas: " + String.join(", ", javas),
          "what is seen on one node may not be true of another.",
          "install the same JDK everywhere");
    }
    Set<String> versions =
        nodes.stream().map(node -> "" + node.version()).collect(toCollection(TreeSet::new));
    if (versions.size() > 1) {
      found.warning(
          "nodes run different versions of the fleet: " + String.join(", ", versions),
          "that is fine while they are updated one by one, and not for long.",
          "update the older nodes");
    }
    found.elseSound(
        "Java " + String.join("", javas.isEmpty() ? Set.of(Runtime.version().toString()) : javas));
  }
}
