package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.bench.failover.FailoverBench;
import dev.flotilla.fleet.bench.failover.Order;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla bench failover`.
@Command(
    name = "failover",
    description = {
      "Measures what tasks notice when instances, owners of links and a whole region are lost:",
      "nodes of its own, which it kills, and instances without an agent behind them."
    })
final class BenchFailoverCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      paramLabel = "N",
      description = "Nodes of the fleet (default: ${DEFAULT-VALUE}).")
  int nodes;

  @Option(
      names = "--instances",
      defaultValue = "50",
      paramLabel = "N",
      description = "Instances, in three regions (default: ${DEFAULT-VALUE}).")
  int instances;

  @Option(
      names = "--rate",
      defaultValue = "40",
      paramLabel = "N",
      description = "Tasks a second, half of them in conversations (default: ${DEFAULT-VALUE}).")
  int rate;

  @Option(
      names = "--conversations",
      defaultValue = "100",
      paramLabel = "N",
      description = "Conversations that go on all the time (default: ${DEFAULT-VALUE}).")
  int conversations;

  @Option(
      names = "--apart",
      defaultValue = "10s",
      paramLabel = "TIME",
      description = "From one loss to the next (default: ${DEFAULT-VALUE}).")
  Duration apart;

  @Mixin final Figures figures = new Figures();

  @Override
  public Integer call() throws Exception {
    if (nodes < 3 || instances < 6 || rate < 1 || conversations < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--nodes must be at least 3, --instances 6, --rate and --conversations 1");
    }
    String distribution = System.getProperty("flotilla.dist");
    if (distribution == null) {
      throw new StartFailure(
          StartFailure.USAGE, "bench failover needs the script flotilla, which has the nodes");
    }
    FailoverBench bench =
        new FailoverBench(
            new Order(nodes, instances, rate, conversations, apart),
            Path.of(distribution, "conf", "bench-failover.yaml"),
            spec.commandLine().getOut());
    figures.write(nodes, bench.run());
    return 0;
  }
}
