package dev.flotilla.fleet.doctor;

/// How bad it is.
public enum Severity {
  /// It works, and may not tomorrow.
  WARNING,
  /// It does not work, or what is acknowledged may be lost, or a stranger may come in.
  ERROR
}
