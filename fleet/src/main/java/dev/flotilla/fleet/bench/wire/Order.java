package dev.flotilla.fleet.bench.wire;

import java.time.Duration;
import java.util.Set;

/// What to measure and how long.
///
/// @param rounds of which each figure is the median
/// @param warmUp before each measurement, with the same load
/// @param measured length of one measurement
/// @param patience with a machine that has other things to do, for each measurement
/// @param alone true to measure no other system
/// @param subscribers of the fan-out
/// @param sessions that idle
public record Order(
    Set<Part> parts,
    int rounds,
    Duration warmUp,
    Duration measured,
    Duration patience,
    boolean alone,
    int subscribers,
    int sessions) {

  public Order {
    parts = Set.copyOf(parts);
  }

  /// Parts of the benchmark that can be left out.
  public enum Part {
    FANOUT,
    PING,
    IDLE
  }
}
