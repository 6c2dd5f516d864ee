package dev.flotilla.fleet.bench.queue;

import dev.flotilla.contract.Priority;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.HdrHistogram.Histogram;

/// How long a critical task waits while others of the lowest level fill the queue and every place:
/// from its commit until its instance has the order.
record Urgent(int backlog, int tasks, Duration interval) {
  private static final int BATCH = 1_000;

  List<Figure> run(CommandNode node) throws InterruptedException {
    TenantId crowd = new TenantId("crowd");
    for (int from = 0; from < backlog; from += BATCH) {
      node.create(crowd, Priority.LOW, Math.min(BATCH, backlog - from));
    }
    TenantId urgent = new TenantId("urgent");
    Map<TaskId, Long> ordered = new ConcurrentHashMap<>();
    node.onOrder(
        order -> {
          if (order.tenant().equals(urgent)) {
            ordered.put(order.task(), System.nanoTime());
          }
        });
    Histogram micros = new Histogram(3);
    for (int i = 0; i < tasks; i++) {
      TaskId task = node.create(urgent, Priority.CRITICAL, 1).getFirst();
      long committed = System.nanoTime();
      while (!ordered.containsKey(task)) {
        Thread.sleep(0, 200_000);
      }
      micros.recordValue(Math.max(0, ordered.get(task) - committed) / 1_000);
      Thread.sleep(interval.toMillis());
    }
    return List.of(
        figure("p50", micros.getValueAtPercentile(50)),
        figure("p99", micros.getValueAtPercentile(99)),
        figure("max", micros.getMaxValue()));
  }

  private Figure figure(String percentile, long micros) {
    return new Figure(
        "queue", "critical task among " + backlog + " low, " + percentile, micros / 1e3, "ms");
  }
}
