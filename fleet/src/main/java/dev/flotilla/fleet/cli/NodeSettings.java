package dev.flotilla.fleet.cli;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Where a command that works on the stores of a fleet finds the settings of a node.
final class NodeSettings {
  /// One of the two.
  static final class Place {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The data directory of a running flotilla up (default: ./data).")
    @Nullable Path data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration of a node; FLOTILLA_* variables win over it.")
    @Nullable Path config;
  }

  @ArgGroup @Nullable Place place;

  FleetConfig read() throws StartFailure {
    if (place != null && place.config != null) {
      return Configured.from(place.config, System.getenv());
    }
    Path data = place != null && place.data != null ? place.data : UpCommand.DEFAULT_DATA;
    Path written = data.resolve("run").resolve("node-1.yaml");
    if (!Files.exists(written)) {
      throw new StartFailure(
          StartFailure.RUNTIME,
          "there is no "
              + written
              + "; name the directory of flotilla up with --data, or a node's"
              + " configuration with --config");
    }
    return Configured.from(written, System.getenv());
  }
}
