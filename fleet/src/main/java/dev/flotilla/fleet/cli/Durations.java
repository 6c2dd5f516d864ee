package dev.flotilla.fleet.cli;

import dev.flotilla.config.ConfigLoader;
import java.time.Duration;
import picocli.CommandLine.TypeConversionException;

/// Durations on the command line are written as in the configuration.
final class Durations {
  private Durations() {}

  static Duration parse(String text) {
    try {
      return ConfigLoader.duration(text);
    } catch (IllegalArgumentException bad) {
      throw new TypeConversionException(
          "'" + text + "' is not a duration such as 30s, 5m, 12h or 7d");
    }
  }
}
