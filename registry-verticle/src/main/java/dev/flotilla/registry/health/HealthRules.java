package dev.flotilla.registry.health;

import dev.flotilla.config.FleetConfig;
import java.time.Duration;

/// When an instance gets less work, or none.
///
/// @param ejectAfter faults in a row
/// @param slowStart until it takes its full load again
public record HealthRules(
    int ejectAfter, Duration ejection, Duration maxEjection, Duration slowStart) {
  private static final int MAX_DOUBLINGS = 20;

  public static HealthRules of(FleetConfig.Registry.Health config) {
    return new HealthRules(
        config.ejectAfter(), config.ejection(), config.maxEjection(), config.slowStart());
  }

  /// How long the n-th ejection in a row lasts.
  Duration ejection(int number) {
    Duration grown = ejection.multipliedBy(1L << Math.clamp(number - 1, 0, MAX_DOUBLINGS));
    return grown.compareTo(maxEjection) < 0 ? grown : maxEjection;
  }

  boolean trips(Outcomes outcomes) {
    return outcomes.hasInRow(ejectAfter) || outcomes.halfFailed();
  }
}
