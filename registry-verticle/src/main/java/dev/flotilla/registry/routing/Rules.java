package dev.flotilla.registry.routing;

import dev.flotilla.config.FleetConfig;
import java.time.Duration;

/// What holds for the routing of every tenant.
///
/// @param panicPercent below it, ejected instances get work, too
/// @param sessionPatience how long a conversation waits for its instance
public record Rules(int panicPercent, Duration sessionPatience) {
  public static Rules of(FleetConfig.Registry.Health config) {
    return new Rules(config.panicPercent(), config.sessionPatience());
  }
}
