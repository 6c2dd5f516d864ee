package dev.flotilla.fleet.doctor;

/// Looks at one thing. What fails while it looks is told as not known.
@FunctionalInterface
public interface Check {
  void examine(Patient patient, Findings found) throws Exception;
}
