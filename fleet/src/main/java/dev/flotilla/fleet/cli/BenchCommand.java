package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.FanOut;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.bench.Resume;
import dev.flotilla.fleet.bench.RoundTrip;
import dev.flotilla.fleet.bench.Scenario;
import dev.flotilla.fleet.bench.Target;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `flotilla bench`: measures a running fleet as a client does.
@Command(
    name = "bench",
    subcommands = {
      BenchWireCommand.class,
      BenchQueueCommand.class,
      BenchRouteCommand.class,
      BenchFailoverCommand.class,
      BenchWorkCommand.class
    },
    description = {
      "Measures a running fleet: round trip of a durable command, fan-out of an event, resume.",
      "It works in a tenant of its own and takes its tasks out of the queue again."
    })
final class BenchCommand implements Callable<Integer> {
  /// A node that has just started still compiles its own code.
  private static final int WARMUP = 2_000;

  @Mixin final RunningFleet fleet = new RunningFleet();

  @Mixin final Figures figures = new Figures();

  @Option(
      names = "--requests",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Commands to measure (default: ${DEFAULT-VALUE}).")
  int requests;

  @Option(
      names = "--subscribers",
      defaultValue = "500",
      paramLabel = "N",
      description = "Sockets that get each event (default: ${DEFAULT-VALUE}).")
  int subscribers;

  @Option(
      names = "--events",
      defaultValue = "100",
      paramLabel = "N",
      description = "Events to fan out (default: ${DEFAULT-VALUE}).")
  int events;

  @Option(
      names = "--missed",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Events that a resuming client has missed (default: ${DEFAULT-VALUE}).")
  int missed;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Target target = fleet.open(vertx);
      List<Figure> measured = new ArrayList<>();
      for (Scenario scenario :
          List.of(
              new RoundTrip(WARMUP, requests),
              new FanOut(subscribers, events),
              new Resume(missed, 5))) {
        measured.addAll(scenario.run(target));
      }
      figures.write(fleet.nodes.size(), measured);
      return 0;
    } finally {
      vertx.close().await();
    }
  }
}
