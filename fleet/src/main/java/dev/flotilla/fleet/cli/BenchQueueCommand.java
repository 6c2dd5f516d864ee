package dev.flotilla.fleet.cli;

import dev.flotilla.fleet.bench.queue.QueueBench;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `flotilla bench queue`.
@Command(
    name = "queue",
    description = {
      "Measures the queue on a PostgreSQL and a Redis of its own, which write to disk as those of"
          + " flotilla up do:",
      "its scripts alone, tasks that go the whole way, and how long an urgent one waits, beside"
          + " BullMQ."
    })
final class BenchQueueCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--parts",
      split = ",",
      defaultValue = "scripts,bullmq,durable,urgent",
      paramLabel = "PART",
      description =
          "What to measure: scripts, bullmq, durable, urgent (default: ${DEFAULT-VALUE}).")
  Set<QueueBench.Part> parts;

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
      names = "--rounds",
      defaultValue = "3",
      paramLabel = "N",
      description = "Each rate is the median of so many runs (default: ${DEFAULT-VALUE}).")
  int rounds;

  @Mixin final Figures figures = new Figures();

  @Override
  public Integer call() throws Exception {
    if (tasks < 1 || backlog < 0 || rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--tasks and --rounds must be at least 1, --backlog at least 0");
    }
    QueueBench bench = new QueueBench(parts, tasks, backlog, rounds, spec.commandLine().getOut());
    figures.write(1, bench.run());
    return 0;
  }
}
