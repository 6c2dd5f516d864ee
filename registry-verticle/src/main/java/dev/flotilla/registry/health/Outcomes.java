package dev.flotilla.registry.health;

/// What became of the last runs: one bit each, the newest lowest.
///
/// @param faults ones for runs that failed
/// @param count how many runs the bits are about, at most [#WINDOW]
public record Outcomes(int faults, int count) {
  static final int WINDOW = 20;
  static final Outcomes NONE = new Outcomes(0, 0);
  private static final int MASK = (1 << WINDOW) - 1;

  Outcomes with(boolean fault) {
    return new Outcomes(((faults << 1) | (fault ? 1 : 0)) & MASK, Math.min(WINDOW, count + 1));
  }

  /// Faults since the last run that went well.
  int inRow() {
    return Math.min(count, Integer.numberOfTrailingZeros(~faults));
  }

  /// At least half of a number of runs that says something.
  boolean halfFailed() {
    return count >= WINDOW / 2 && Integer.bitCount(faults) * 2 >= count;
  }
}
