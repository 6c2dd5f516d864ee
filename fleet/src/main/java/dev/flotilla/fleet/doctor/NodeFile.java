package dev.flotilla.fleet.doctor;

import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The configuration of one node.
///
/// @param config null where it cannot be used
/// @param problems why not
public record NodeFile(Path path, @Nullable FleetConfig config, List<String> problems) {

  public static NodeFile read(Path path, Map<String, String> environment) {
    try {
      return new NodeFile(path, ConfigLoader.load(path, environment), List.of());
    } catch (ConfigException wrong) {
      return new NodeFile(path, null, wrong.problems());
    }
  }
}
