package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.Report;
import dev.flotilla.fleet.bench.TrackedWork;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `flotilla bench work`.
@Command(
    name = "work",
    description = {
      "Measures tracked work on a running fleet: subscribers of one project, spread over the"
          + " nodes,",
      "while its items change at a fixed rate. It works in a tenant of its own."
    })
final class BenchWorkCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin final IdentitySource source = new IdentitySource();

  @Option(
      names = "--url",
      split = ",",
      defaultValue = "http://127.0.0.1:8080",
      paramLabel = "URL",
      description = "The nodes to connect to; repeat it (default: ${DEFAULT-VALUE}).")
  List<URI> nodes;

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
      description = "How long it measures, after 5 seconds more (default: ${DEFAULT-VALUE}).")
  int seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      TrackedWork scenario = new TrackedWork(subscribers, rate, Duration.ofSeconds(seconds));
      Report report =
          new Report(
              new Version().getVersion()[0],
              nodes.size(),
              Runtime.getRuntime().availableProcessors(),
              scenario.run(BenchCommand.target(vertx, source, nodes)));
      spec.commandLine().getOut().print(report.table());
      spec.commandLine().getOut().flush();
      if (json != null) {
        Files.writeString(json, report.json() + "\n");
      }
      return 0;
    } finally {
      vertx.close().await();
    }
  }
}
