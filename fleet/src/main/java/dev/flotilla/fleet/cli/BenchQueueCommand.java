package dev.flotilla.fleet.cli;

import dev.flotilla.command.task.queue.QueueDrill;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.bench.Report;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `flotilla bench queue`: how fast the scripts of the queue are.
@Command(
    name = "queue",
    description = {
      "Measures the scripts of the queue in Redis, without PostgreSQL: tasks are added, taken,"
          + " placed",
      "and finished. It works under keys of its own and removes them; a fleet may run meanwhile."
    })
final class BenchQueueCommand implements Callable<Integer> {
  private static final String SCENARIO = "queue";

  @Spec CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "The configuration of a node, for its Redis; FLOTILLA_* variables win over it.")
  Path config;

  @Option(
      names = "--tasks",
      defaultValue = "20000",
      paramLabel = "N",
      description = "Tasks of each round (default: ${DEFAULT-VALUE}).")
  int tasks;

  @Option(
      names = "--backlog",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Tasks of the lowest level that wait meanwhile (default: ${DEFAULT-VALUE}).")
  int backlog;

  @Option(
      names = "--threads",
      defaultValue = "4",
      paramLabel = "N",
      description = "Takers side by side (default: ${DEFAULT-VALUE}).")
  int threads;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures as JSON, too.")
  @Nullable Path json;

  @Override
  public Integer call() throws Exception {
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, Configured.from(config, System.getenv()));
    QueueDrill drill = new QueueDrill(stores.redis());
    try {
      List<Figure> figures = new ArrayList<>();
      drill.prepare(0);
      // Not counted: code that has just started is still compiled.
      drill.run(tasks, threads);
      figures.add(figure("empty queue", drill.run(tasks, threads)));
      drill.prepare(backlog);
      figures.add(figure("backlog of " + backlog, drill.run(tasks, threads)));
      report(figures);
      return 0;
    } finally {
      drill.end();
      stores.close().await();
      vertx.close().await();
    }
  }

  private static Figure figure(String name, QueueDrill.Done done) {
    return new Figure(SCENARIO, "transitions, " + name, done.perSecond(), "per second");
  }

  private void report(List<Figure> figures) throws Exception {
    int processors = Runtime.getRuntime().availableProcessors();
    Report report = new Report(new Version().getVersion()[0], 0, processors, figures);
    spec.commandLine().getOut().print(report.table());
    spec.commandLine().getOut().flush();
    if (json != null) {
      Files.writeString(json, report.json() + "\n");
    }
  }
}
