package dev.flotilla.registry.daemon;

import dev.flotilla.config.ConfigLoader;
import dev.flotilla.config.LocalGateway;
import dev.flotilla.config.Secret;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How the gateway is started: which program, with which arguments and environment.
///
/// @param environment of this node
record Launch(LocalGateway config, Map<String, String> environment) {
  /// In this order.
  static final List<String> PROGRAMS = List.of("openclaws", "openclaw", "openclawd");

  private static final List<String> ARGUMENTS = List.of("gateway", "run", "--port", "{port}");

  List<String> commandLine() throws IOException {
    List<String> given = config.command();
    if (!given.isEmpty()) {
      return given.stream().map(this::filled).toList();
    }
    Path program =
        PROGRAMS.stream()
            .flatMap(name -> onPath(name).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new FileNotFoundException(
                        "none of " + String.join(", ", PROGRAMS) + " is on the PATH"));
    return Stream.concat(Stream.of(program.toString()), ARGUMENTS.stream().map(this::filled))
        .toList();
  }

  private String filled(String word) {
    return word.replace("{port}", Integer.toString(config.port()));
  }

  private Optional<Path> onPath(String name) {
    String path = environment.getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> new File(directory, name).toPath())
        .filter(candidate -> Files.isRegularFile(candidate) && Files.isExecutable(candidate))
        .findFirst();
  }

  /// This node's environment without its own settings: they have the fleet's secrets.
  ///
  /// @param token by which the fleet will come; null where it does not know one yet
  Map<String, String> environment(@Nullable Secret token) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.keySet().removeIf(ConfigLoader::isSetting);
    variables.put("OPENCLAW_GATEWAY_PORT", Integer.toString(config.port()));
    // A restart of its own stays in the process that this node knows.
    variables.put("OPENCLAW_NO_RESPAWN", "1");
    if (token != null && !token.reveal().isEmpty()) {
      variables.put("OPENCLAW_GATEWAY_TOKEN", token.reveal());
    }
    return variables;
  }

  /// Where the output goes.
  Path log() throws IOException {
    String given = config.logFile();
    return given != null
        ? Path.of(given).toAbsolutePath()
        : Files.createTempDirectory("flotilla-gateway-" + config.port() + "-").resolve("out.log");
  }
}
