package dev.flotilla.fleet.doctor;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import java.util.ArrayList;
import java.util.List;

/// Runs checks, and repairs what may be repaired.
///
/// @param checks in the order in which they are told; the first looks at the configuration, without
///     which there is nothing to look at
public record Doctor(List<Check> checks) {

  public List<Finding> examine(Patient patient, boolean repair) {
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks) {
      findings.addAll(repair ? repaired(check, patient) : look(check, patient));
      if (patient.configs().isEmpty()) {
        return findings;
      }
    }
    return findings;
  }

  private static List<Finding> look(Check check, Patient patient) {
    try {
      return check.examine(patient);
    } catch (Exception failure) {
      return List.of(Finding.unknown(check.name(), StartFailure.reason(failure)));
    }
  }

  /// What was repaired is looked at again: only what is not found any more counts as repaired.
  private static List<Finding> repaired(Check check, Patient patient) {
    List<Finding> before = look(check, patient);
    List<String> tried = new ArrayList<>();
    List<Finding> told = new ArrayList<>();
    for (Finding finding : before) {
      if (finding instanceof Trouble(_, _, String what, _, _, Finding.Repair repair)
          && repair != null) {
        try {
          repair.run();
          tried.add(what);
        } catch (Exception failure) {
          told.add(
              Finding.unknown(check.name(), "the repair failed: " + StartFailure.reason(failure)));
        }
      }
    }
    if (tried.isEmpty()) {
      told.addAll(0, before);
      return told;
    }
    List<Finding> after = look(check, patient);
    List<String> still =
        after.stream()
            .filter(Trouble.class::isInstance)
            .map(finding -> ((Trouble) finding).what())
            .toList();
    tried.stream()
        .filter(what -> !still.contains(what))
        .forEach(what -> told.add(new Finding.Repaired(check.name(), what)));
    told.addAll(after);
    return told;
  }
}
