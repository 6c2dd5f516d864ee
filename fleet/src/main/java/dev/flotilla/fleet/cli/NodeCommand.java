package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.NodeRun;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `flotilla node`.
@Command(
    name = "node",
    description = "Runs one node with PostgreSQL, Redis and cluster members as configured.")
final class NodeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The configuration; FLOTILLA_* variables win over it.")
  Path config;

  @Option(
      names = "--until-eof",
      hidden = true,
      description = "Drain when standard input ends: the supervisor is gone.")
  boolean untilEof;

  @Override
  public Integer call() throws Exception {
    return NodeRun.untilStopped(() -> Configured.from(config, System.getenv()), untilEof);
  }
}
