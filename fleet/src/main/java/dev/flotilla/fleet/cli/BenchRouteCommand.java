package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.registry.routing.RouteDrill;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `flotilla bench route`: how long a routing decision takes.
@Command(
    name = "route",
    description =
        "Measures routing decisions over a made-up fleet, in this process, without stores.")
final class BenchRouteCommand implements Callable<Integer> {
  private static final String SCENARIO = "route";
  private static final String MICROS = "µs";

  @Option(
      names = "--instances",
      defaultValue = "1000",
      paramLabel = "N",
      description = "Instances of the fleet (default: ${DEFAULT-VALUE}).")
  int instances;

  @Option(
      names = "--decisions",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Decisions that are measured (default: ${DEFAULT-VALUE}).")
  int decisions;

  @Mixin final Figures figures = new Figures();

  @Override
  public Integer call() throws Exception {
    RouteDrill drill = new RouteDrill(instances);
    // Not counted: code that has just started is still compiled.
    drill.run(decisions);
    RouteDrill.Done done = drill.run(decisions);
    String of = " of a decision over " + instances + " instances";
    figures.write(
        0,
        List.of(
            new Figure(SCENARIO, "p50" + of, done.median() / 1e3, MICROS),
            new Figure(SCENARIO, "p99" + of, done.p99() / 1e3, MICROS),
            new Figure(SCENARIO, "p99.9" + of, done.p999() / 1e3, MICROS),
            new Figure(SCENARIO, "decisions", done.perSecond(), "per second")));
    return 0;
  }
}
