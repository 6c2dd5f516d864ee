package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.TrackedWork;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `flotilla bench work`.
@Command(
    name = "work",
    description = {
      "Measures tracked work on a running fleet: subscribers of one project, spread over the"
          + " nodes,",
      "while its items change at a fixed rate. It works in a tenant of its own."
    })
final class BenchWorkCommand implements Callable<Integer> {
  @Mixin final RunningFleet fleet = new RunningFleet();

  @Mixin final Figures figures = new Figures();

  @Option(
      names = "--subscribers",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Sockets that get each event (default: ${DEFAULT-VALUE}).")
  int subscribers;

  @Option(
      names = "--rate",
      defaultValue = "200",
      paramLabel = "N",
      description = "Changes a second (default: ${DEFAULT-VALUE}).")
  int rate;

  @Option(
      names = "--seconds",
      defaultValue = "30",
      paramLabel = "N",
      description = "How long it measures, after 40 seconds more (default: ${DEFAULT-VALUE}).")
  int seconds;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      TrackedWork scenario = new TrackedWork(subscribers, rate, Duration.ofSeconds(seconds));
      figures.write(fleet.nodes.size(), scenario.run(fleet.open(vertx)));
      return 0;
    } finally {
      vertx.close().await();
    }
  }
}
