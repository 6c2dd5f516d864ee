package dev.flotilla.fleet.bench.wire.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of this machine.
public final class Programs {
  /// Where servers are; a user's path often lacks them.
  private static final List<String> SERVERS = List.of("/usr/sbin", "/usr/local/sbin", "/sbin");

  private Programs() {}

  public static Optional<Path> find(String name) {
    List<String> path = List.of(System.getenv().getOrDefault("PATH", "").split(":", -1));
    return Stream.concat(path.stream().filter(place -> !place.isEmpty()), SERVERS.stream())
        .map(place -> Path.of(place, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// What the program says on both of its outputs.
  public static String output(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(
          command.getFirst() + " failed: " + said.lines().findFirst().orElse("no word"));
    }
    return said;
  }
}
