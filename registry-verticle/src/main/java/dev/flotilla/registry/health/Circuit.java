package dev.flotilla.registry.health;

import java.time.Instant;

/// Whether work flows to an instance, by what became of the work before.
///
/// Closed, it flows. Too many faults open it: nothing flows until a time that doubles with each
/// opening in a row. Then it is half open: one run at a time, and the first end of one decides.
public sealed interface Circuit {
  /// How often in a row it was opened.
  int ejections();

  /// @param ejections forgotten after a long time without a new one
  record Closed(Outcomes outcomes, int ejections, Instant since) implements Circuit {}

  record Open(Instant until, int ejections, String why) implements Circuit {}

  record HalfOpen(Instant since, int ejections) implements Circuit {}
}
