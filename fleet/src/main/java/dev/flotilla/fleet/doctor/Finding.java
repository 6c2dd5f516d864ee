package dev.flotilla.fleet.doctor;

import org.jspecify.annotations.Nullable;

/// What a check has found.
public sealed interface Finding {
  /// The name of the check.
  String check();

  /// All is well.
  record Sound(String check, String what) implements Finding {}

  /// Something is wrong.
  ///
  /// @param what is wrong
  /// @param why it matters
  /// @param remedy what to type or to change
  /// @param repair does it, where that is safe
  record Trouble(
      String check,
      Severity severity,
      String what,
      String why,
      String remedy,
      @Nullable Repair repair)
      implements Finding {}

  /// It could not be looked at.
  record Unknown(String check, String what) implements Finding {}

  /// Something was wrong and is not any more.
  record Repaired(String check, String what) implements Finding {}

  /// Puts right what was found. It is safe: it loses nothing and can be done again.
  @FunctionalInterface
  interface Repair {
    void run() throws Exception;
  }
}
