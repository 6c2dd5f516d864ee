package dev.flotilla.fleet.cli;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.up.IdentitySecret;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/// Where a command finds the secret that signs tokens.
final class IdentitySource {
  /// One of the two.
  static final class Place {
    @Option(
        names = "--data",
        paramLabel = "DIR",
        description = "The data directory of flotilla up (default: ./data).")
    @Nullable Path data;

    @Option(
        names = "--config",
        paramLabel = "FILE",
        description = "The configuration of flotilla node.")
    @Nullable Path config;
  }

  @ArgGroup @Nullable Place place;

  FleetConfig.Identity identity() throws StartFailure {
    if (place != null && place.config != null) {
      return Configured.from(place.config, System.getenv()).identity();
    }
    Path data = place != null && place.data != null ? place.data : UpCommand.DEFAULT_DATA;
    return new FleetConfig.Identity(
        new Secret(IdentitySecret.in(data).read()),
        System.getenv(ConfigLoader.variable("identity.issuer")),
        System.getenv(ConfigLoader.variable("identity.audience")));
  }
}
