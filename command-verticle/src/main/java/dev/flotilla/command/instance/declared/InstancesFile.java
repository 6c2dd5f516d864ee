package dev.flotilla.command.instance.declared;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The file that declares instances. It is read whole: one problem, and nothing of it counts.
///
/// @param prune true where declared instances that are no longer in it are removed
public record InstancesFile(List<Declared> instances, boolean prune) {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> KEYS = Set.of("tenant", "prune", "instances");

  /// What is wrong with a file, all of it.
  public static final class Unusable extends Exception {
    Unusable(Path file, List<String> problems) {
      super(file + " cannot be used: " + String.join("; ", problems));
    }
  }

  /// @param environment where tokens may be taken from
  public static InstancesFile read(Path file, Map<String, String> environment) throws Unusable {
    List<String> problems = new ArrayList<>();
    try {
      JsonNode root = YAML.readTree(Files.readString(file));
      InstancesFile read =
          read(
              root == null ? YAML.createObjectNode() : root,
              new Entries(file.toAbsolutePath(), environment, problems),
              problems);
      if (problems.isEmpty()) {
        return read;
      }
    } catch (JsonProcessingException bad) {
      problems.add("it is not valid YAML: " + bad.getOriginalMessage());
    } catch (IOException unreadable) {
      problems.add("it cannot be read: " + unreadable.getMessage());
    }
    throw new Unusable(file, problems);
  }

  private static InstancesFile read(JsonNode root, Entries entries, List<String> problems) {
    if (!root.isObject() && !root.isMissingNode() && !root.isNull()) {
      problems.add("it must have the keys " + KEYS);
      return new InstancesFile(List.of(), false);
    }
    root.fieldNames()
        .forEachRemaining(
            name -> {
              if (!KEYS.contains(name)) {
                problems.add("there is no key '" + name + "'");
              }
            });
    JsonNode prune = root.path("prune");
    if (!prune.isMissingNode() && !prune.isBoolean()) {
      problems.add("prune must be true or false");
    }
    JsonNode listed = root.path("instances");
    if (!listed.isMissingNode() && !listed.isNull() && !listed.isArray()) {
      problems.add("instances must be a list");
    }
    List<Declared> instances = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String tenant = root.path("tenant").asText("");
    for (JsonNode entry : listed) {
      Declared declared = entries.read(entry, tenant);
      if (declared != null && !seen.add(declared.id().value())) {
        problems.add("'" + declared.id() + "' is there twice");
      } else if (declared != null) {
        instances.add(declared);
      }
    }
    return new InstancesFile(List.copyOf(instances), prune.asBoolean());
  }
}
