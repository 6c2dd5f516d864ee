package dev.flotilla.registry.link.openclaw;

import dev.flotilla.dispatch.RunState;
import org.jspecify.annotations.Nullable;

/// What the instance's own records say about a run.
sealed interface Finding {
  /// The instance has never taken the run in: it may be started.
  record Absent() implements Finding {}

  /// The instance works on it, or will go on with it after a restart.
  ///
  /// @param runId under which it does, where that is known: a resumed run has another one
  /// @param text what it has said so far, where the instance says that it said something
  record Going(@Nullable String runId, @Nullable String text) implements Finding {}

  /// It was taken in and nobody works on it, but the records do not say how it ended. They may lag.
  record Unclear(String why) implements Finding {}

  /// No session has it, yet the instance's ledger says that it lives. It may do work at any time.
  record Listed(String why) implements Finding {}

  record Over(RunState state) implements Finding {}
}
