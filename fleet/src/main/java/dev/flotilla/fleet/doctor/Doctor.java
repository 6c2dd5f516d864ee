package dev.flotilla.fleet.doctor;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Runs checks, and repairs what may be repaired.
///
/// @param checks by their names, in the order in which they are told; the first looks at the
///     configuration, without which there is nothing to look at
public record Doctor(SequencedMap<String, Check> checks) {

  public List<Finding> examine(Patient patient, boolean repair) {
    List<Finding> findings = new ArrayList<>();
    for (Map.Entry<String, Check> each : checks.entrySet()) {
      String name = each.getKey();
      Check check = each.getValue();
      findings.addAll(repair ? repaired(name, check, patient) : look(name, check, patient));
      if (patient.configs().isEmpty()) {
        return findings;
      }
    }
    return findings;
  }

  static List<Finding> look(String name, Check check, Patient patient) {
    Findings found = new Findings(name);
    try {
      check.examine(patient, found);
      return found.all();
    } catch (Exception failure) {
      return List.of(new Finding.Unknown(name, StartFailure.reason(failure)));
    }
  }

  /// What was repaired is looked at again: only what is not found any more counts as repaired.
  private static List<Finding> repaired(String name, Check check, Patient patient) {
    List<Finding> before = look(name, check, patient);
    List<String> tried = new ArrayList<>();
    List<Finding> told = new ArrayList<>();
    for (Finding finding : before) {
      if (finding instanceof Trouble(_, _, String what, _, _, Finding.Repair repair)
          && repair != null) {
        try {
          repair.run();
          tried.add(what);
        } catch (Exception failure) {
          told.add(new Finding.Unknown(name, "the repair failed: " + StartFailure.reason(failure)));
        }
      }
    }
    if (tried.isEmpty()) {
      told.addAll(0, before);
      return told;
    }
    List<Finding> after = look(name, check, patient);
    List<String> still =
        after.stream()
            .filter(Trouble.class::isInstance)
            .map(finding -> ((Trouble) finding).what())
            .toList();
    tried.stream()
        .filter(what -> !still.contains(what))
        .forEach(what -> told.add(new Finding.Repaired(name, what)));
    told.addAll(after);
    return told;
  }
}
