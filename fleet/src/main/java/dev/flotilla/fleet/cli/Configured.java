package dev.flotilla.fleet.cli;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import java.nio.file.Path;
import java.util.Map;

/// Reads a configuration and turns what is wrong with it into a failure with every problem.
final class Configured {
  private Configured() {}

  static FleetConfig from(Path file, Map<String, String> environment) throws StartFailure {
    try {
      return ConfigLoader.load(file, environment);
    } catch (ConfigException wrong) {
      throw new StartFailure(
          StartFailure.USAGE,
          "the configuration " + file + " cannot be used: " + String.join("; ", wrong.problems()),
          wrong);
    }
  }
}
