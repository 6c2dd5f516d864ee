package dev.flotilla.fleet.doctor;

import dev.flotilla.fleet.doctor.Finding.Repair;
import dev.flotilla.fleet.doctor.Finding.Sound;
import dev.flotilla.fleet.doctor.Finding.Trouble;
import dev.flotilla.fleet.doctor.Finding.Unknown;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/// What one check finds, under its name. What is found of several nodes alike is told once.
public final class Findings {
  private final String check;
  private final SequencedSet<Finding> all = new LinkedHashSet<>();

  Findings(String check) {
    this.check = check;
  }

  public void error(String what, String why, String remedy) {
    trouble(Severity.ERROR, what, why, remedy, null);
  }

  public void warning(String what, String why, String remedy) {
    trouble(Severity.WARNING, what, why, remedy, null);
  }

  public void trouble(
      Severity severity, String what, String why, String remedy, @Nullable Repair repair) {
    all.add(new Trouble(check, severity, what, why, remedy, repair));
  }

  public void unknown(String what) {
    all.add(new Unknown(check, what));
  }

  /// There was nothing to look at, where nothing was found.
  public void elseUnknown(String what) {
    if (all.isEmpty()) {
      unknown(what);
    }
  }

  /// All is well, where nothing was found. A check ends with it.
  public void elseSound(String what) {
    if (all.isEmpty()) {
      all.add(new Sound(check, what));
    }
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
