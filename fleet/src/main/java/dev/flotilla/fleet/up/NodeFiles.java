package dev.flotilla.fleet.up;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.flotilla.config.ConfigException;
import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.StartFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Writes the configuration file of each node: what the user gave, with the settings that the
/// supervisor decides put over it.
final class NodeFiles {
  private static final YAMLMapper YAML = new YAMLMapper();

  private final JsonNode base;
  private final Set<String> decided = new TreeSet<>();

  private NodeFiles(JsonNode base) {
    this.base = base;
  }

  static NodeFiles basedOn(@Nullable Path config) throws StartFailure {
    if (config == null) {
      return new NodeFiles(YAML.createObjectNode());
    }
    try {
      JsonNode base = YAML.readTree(Files.readString(config));
      if (base == null || base.isNull() || base.isMissingNode()) {
        return new NodeFiles(YAML.createObjectNode());
      }
      if (!base.isObject()) {
        throw new StartFailure(StartFailure.USAGE, config + " must be groups of settings");
      }
      return new NodeFiles(base);
    } catch (IOException bad) {
      throw new StartFailure(
          StartFailure.USAGE, "cannot read " + config + ": " + StartFailure.reason(bad), bad);
    }
  }

  /// Writes the file and checks it as the node will.
  ///
  /// @param settings keys such as `gateway.port` and their values
  FleetConfig write(Path file, Map<String, Object> settings) throws StartFailure {
    ObjectNode tree = base.deepCopy();
    settings.forEach((key, value) -> put(tree, key, value));
    decided.addAll(settings.keySet());
    try {
      OwnFile.write(file, YAML.writeValueAsString(tree));
      return ConfigLoader.load(file, environment(System.getenv()));
    } catch (IOException failure) {
      throw new StartFailure(
          StartFailure.RUNTIME, "cannot write " + file + ": " + failure.getMessage(), failure);
    } catch (ConfigException wrong) {
      throw new StartFailure(
          StartFailure.USAGE,
          "the configuration cannot be used: " + String.join("; ", wrong.problems()),
          wrong);
    }
  }

  /// The environment of a node: without the variables that would win over what is decided here.
  Map<String, String> environment(Map<String, String> own) {
    Map<String, String> environment = new HashMap<>(own);
    decided.forEach(
        key -> {
          environment.remove(ConfigLoader.variable(key));
          environment.remove(ConfigLoader.variable(key) + ConfigLoader.IN_FILE);
        });
    return environment;
  }

  private static void put(ObjectNode tree, String key, Object value) {
    List<String> path = new ArrayList<>(List.of(key.split("\\.", -1)));
    String name = path.removeLast();
    ObjectNode group = tree;
    for (String part : path) {
      group = group.get(part) instanceof ObjectNode known ? known : group.putObject(part);
    }
    group.set(name, YAML.valueToTree(value));
  }
}
