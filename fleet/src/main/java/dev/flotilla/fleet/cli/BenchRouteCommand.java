package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.bench.Report;
import dev.flotilla.registry.routing.RouteDrill;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `flotilla bench route`: how long a routing decision takes.
@Command(
    name = "route",
    description =
        "Measures routing decisions over a made-up fleet, in this process, without stores.")
final class BenchRouteCommand implements Callable<Integer> {
  private static final String SCENARIO = "route";
  private static final String MICROS = "µs";

  @Spec CommandSpec spec;

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

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    RouteDrill drill = new RouteDrill(instances);
    // Not counted: code that has just started is still compiled.
    drill.run(decisions);
    RouteDrill.Done done = drill.run(decisions);
    String of = " of a decision over " + instances + " instances";
    List<Figure> figures =
        List.of(
            new Figure(SCENARIO, "p50" + of, done.median() / 1e3, MICROS),
            new Figure(SCENARIO, "p99" + of, done.p99() / 1e3, MICROS),
            new Figure(SCENARIO, "p99.9" + of, done.p999() / 1e3, MICROS),
            new Figure(SCENARIO, "decisions", done.perSecond(), "per second"));
    int processors = Runtime.getRuntime().availableProcessors();
    Report report = new Report(new Version().getVersion()[0], 0, processors, figures);
    spec.commandLine().getOut().print(report.table());
    spec.commandLine().getOut().flush();
    if (json != null) {
      Files.writeString(json, report.json() + "\n");
    }
    return 0;
  }
}
