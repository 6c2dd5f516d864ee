package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.FanOut;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.bench.Report;
import dev.flotilla.fleet.bench.Resume;
import dev.flotilla.fleet.bench.RoundTrip;
import dev.flotilla.fleet.bench.Scenario;
import dev.flotilla.fleet.bench.Target;
import dev.flotilla.fleet.client.ControlClient;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.Tokens;
import dev.flotilla.identity.UserId;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    try {
      Target target = target(vertx, source, nodes);
      List<Figure> figures = new ArrayList<>();
      for (Scenario scenario :
          List.of(
              new RoundTrip(WARMUP, requests),
              new FanOut(subscribers, events),
              new Resume(missed, 5))) {
        figures.addAll(scenario.run(target));
      }
      report(figures);
      return 0;
    } finally {
      vertx.close().await();
    }
  }

  /// The fleet as one operator of a tenant that nobody else uses.
  static Target target(Vertx vertx, IdentitySource source, List<URI> nodes) throws Exception {
    Clock clock = Clock.systemUTC();
    String token =
        new Tokens(vertx, source.identity(), clock)
            .issue(
                new TenantId("bench-" + Ids.next(clock)),
                new UserId("bench"),
                List.of(Role.OPERATOR),
                Duration.ofHours(1));
    return new Target(vertx.createWebSocketClient(ControlClient.options()), nodes, token);
  }

  private void report(List<Figure> figures) throws Exception {
    Report report =
        new Report(
            new Version().getVersion()[0],
            nodes.size(),
            Runtime.getRuntime().availableProcessors(),
            figures);
    spec.commandLine().getOut().print(report.table());
    spec.commandLine().getOut().flush();
    if (json != null) {
      Files.writeString(json, report.json() + "\n");
    }
  }
}
