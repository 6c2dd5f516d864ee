package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.StartFailure;
import dev.flotilla.fleet.bench.wire.Order;
import dev.flotilla.fleet.bench.wire.WireBench;
import dev.flotilla.fleet.bench.wire.WireReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla bench wire`.
@Command(
    name = "wire",
    description = {
      "Measures one node of its own at the wire, with the node on one core and the clients on"
          + " another, beside nats-server, nginx with nchan and a bare Vert.x server.",
      "Needs Linux, two cores and a quiet machine."
    })
final class BenchWireCommand implements Callable<Integer> {
  private static final Path PROC = Path.of("/proc/stat");

  @Spec CommandSpec spec;

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "fanout,ping,idle",
      paramLabel = "PART",
      description = "What to measure: fanout, ping, idle (default: ${DEFAULT-VALUE}).")
  Set<Order.Part> parts;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      paramLabel = "N",
      description = "Each figure is the median of so many runs (default: ${DEFAULT-VALUE}).")
  int rounds;

  @Option(
      names = "--warm-up",
      defaultValue = "1500ms",
      paramLabel = "TIME",
      description = "Load before each measurement (default: ${DEFAULT-VALUE}).")
  Duration warmUp;

  @Option(
      names = "--measured",
      defaultValue = "4s",
      paramLabel = "TIME",
      description = "How long each measurement takes (default: ${DEFAULT-VALUE}).")
  Duration measured;

  @Option(
      names = "--patience",
      defaultValue = "2m",
      paramLabel = "TIME",
      description =
          "How long each measurement waits for a machine that has nothing else to do"
              + " (default: ${DEFAULT-VALUE}).")
  Duration patience;

  @Option(names = "--alone", description = "Measure the node only, and no other system.")
  boolean alone;

  @Option(
      names = "--subscribers",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Sockets that get each event (default: ${DEFAULT-VALUE}).")
  int subscribers;

  @Option(
      names = "--sessions",
      defaultValue = "10000",
      paramLabel = "N",
      description = "Sessions that idle (default: ${DEFAULT-VALUE}).")
  int sessions;

  @Mixin final Figures figures = new Figures();

  @Override
  public Integer call() throws Exception {
    if (rounds < 1 || subscribers < 1 || sessions < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds, --subscribers and --sessions must be at least 1");
    }
    String distribution = System.getProperty("flotilla.dist");
    if (distribution == null || !Files.exists(PROC)) {
      throw new StartFailure(
          StartFailure.USAGE, "bench wire needs Linux and the script flotilla, which has the node");
    }
    WireReport report =
        new WireBench(
                new Order(parts, rounds, warmUp, measured, patience, alone, subscribers, sessions),
                Path.of(distribution),
                spec.commandLine().getOut())
            .run();
    figures.write(report.table(), report.json());
    return 0;
  }
}
