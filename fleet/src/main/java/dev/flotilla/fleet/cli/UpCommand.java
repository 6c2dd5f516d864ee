package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.up.Supervisor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla up`.
@Command(
    name = "up",
    description = {
      "Starts a fleet on this machine with embedded PostgreSQL and Redis, and prints one line when"
          + " everything serves:",
      "  flotilla ready: http://127.0.0.1:8080 ...",
      "A new data directory gets a first admin, whose password is printed once, after that line.",
      "Ctrl-C or SIGTERM drains and stops everything. Data stays in the data directory."
    })
final class UpCommand implements Callable<Integer> {
  static final Path DEFAULT_DATA = Path.of("data");
  private static final int MOST_NODES = 9;

  @Spec CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "1",
      paramLabel = "N",
      description = "How many nodes, 1 to 9 (default: ${DEFAULT-VALUE}).")
  int nodes;

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "P",
      description =
          "Port of the first node; the others take the next ones (default: 8080; 0: any free).")
  int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where data is kept (default: ./data).")
  Path data = DEFAULT_DATA;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Settings for every node. Stores, cluster, ports and ids are set by this command.")
  @Nullable Path config;

  @Override
  public Integer call() throws Exception {
    if (nodes < 1 || nodes > MOST_NODES) {
      throw new ParameterException(spec.commandLine(), "--nodes must be 1 to " + MOST_NODES);
    }
    if (port < 0 || port + nodes - 1 > 65_535) {
      throw new ParameterException(
          spec.commandLine(), "--port must be 0 to " + (65_536 - nodes) + " for that many nodes");
    }
    return new Supervisor(
            new Supervisor.Order(nodes, port, data.toAbsolutePath().normalize(), config),
            spec.commandLine().getOut(),
            spec.commandLine().getErr())
        .untilStopped();
  }
}
