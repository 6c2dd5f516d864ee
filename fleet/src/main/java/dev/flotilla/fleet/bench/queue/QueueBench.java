package dev.flotilla.fleet.bench.queue;

import dev.flotilla.command.task.queue.QueueDrill;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.fleet.up.ScratchStores;
import dev.flotilla.store.Stores;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/// The whole of `flotilla bench queue`, on stores that nobody else uses.
public final class QueueBench {
  private static final String SCENARIO = "queue";
  private static final int THREADS = 2;
  private static final int BATCH = 100;
  private static final int TENANTS = 10;
  private static final int SLOTS = 500;
  private static final int URGENT = 300;
  private static final Duration APART = Duration.ofMillis(30);

  /// What can be measured.
  public enum Part {
    SCRIPTS,
    BULLMQ,
    DURABLE,
    URGENT
  }

  private final Set<Part> parts;
  private final int tasks;
  private final int backlog;
  private final int rounds;
  private final PrintWriter out;
  private final List<Figure> figures = new ArrayList<>();

  /// @param out for people, while it runs
  public QueueBench(Set<Part> parts, int tasks, int backlog, int rounds, PrintWriter out) {
    this.parts = parts;
    this.tasks = tasks;
    this.backlog = backlog;
    this.rounds = rounds;
    this.out = out;
  }

  public List<Figure> run() throws Exception {
    try (ScratchStores stores =
        ScratchStores.start(
            Map.of("command.maxRunning", SLOTS, "command.reconcileInterval", "10m"))) {
      if (parts.contains(Part.SCRIPTS)) {
        scripts(stores.config());
      }
      if (parts.contains(Part.BULLMQ)) {
        bullMq(stores.config());
      }
      if (parts.contains(Part.DURABLE) || parts.contains(Part.URGENT)) {
        node(stores.config());
      }
    }
    return figures;
  }

  private void scripts(FleetConfig config) throws Exception {
    Vertx vertx = Vertx.vertx();
    Stores stores = Stores.open(vertx, config);
    QueueDrill drill = new QueueDrill(stores.redis());
    try {
      drill.prepare(0);
      double transitions = median("scripts", () -> drill.run(tasks, THREADS).perSecond());
      add("scripts, empty queue", transitions, "transitions/s");
      add("scripts, empty queue", transitions / QueueDrill.TRANSITIONS, "cycles/s");
      drill.prepare(backlog);
      add(
          "scripts, backlog of " + backlog,
          median("scripts with a backlog", () -> drill.run(tasks, THREADS).perSecond()),
          "transitions/s");
    } finally {
      drill.end();
      stores.close().await();
      vertx.close().await();
    }
  }

  private void bullMq(FleetConfig config) throws Exception {
    if (!BullMq.possible()) {
      out.println("left out: BullMQ needs node and npm");
      return;
    }
    String redis = config.redis().url().reveal();
    add("BullMQ " + BullMq.VERSION, median("BullMQ", () -> BullMq.run(redis, tasks)), "cycles/s");
  }

  private void node(FleetConfig config) throws Exception {
    Cycles cycles = new Cycles(tasks, BATCH, TENANTS);
    try (CommandNode node = new CommandNode(config, SLOTS)) {
      cycles.run(node, "first");
      node.analyze();
      if (parts.contains(Part.DURABLE)) {
        int[] round = {0};
        add(
            "durable",
            median("durable", () -> cycles.run(node, "round-" + round[0]++)),
            "cycles/s");
      }
      if (parts.contains(Part.URGENT)) {
        figures.addAll(new Urgent(backlog, URGENT, APART).run(node));
      }
    }
  }

  private void add(String name, double value, String unit) {
    figures.add(new Figure(SCENARIO, name, value, unit));
  }

  /// Of so many runs, after one that is not counted: code that has just started is still compiled.
  private double median(String what, Callable<Double> measurement) throws Exception {
    measurement.call();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      values.add(measurement.call());
      out.printf("%s: %.0f per second%n", what, values.getLast());
      out.flush();
    }
    return values.stream().sorted().toList().get(rounds / 2);
  }
}
