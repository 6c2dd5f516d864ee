package dev.flotilla.fleet.bench.queue;

import dev.flotilla.contract.Priority;
import dev.flotilla.fleet.bench.Figure;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
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
    BlockingQueue<Long> ordered = new LinkedBlockingQueue<>();
    node.onOrder(
        order -> {
          if (order.tenant().equals(urgent)) {
            ordered.add(System.nanoTime());
          }
        });
    Histogram micros = new Histogram(3);
    for (int i = 0; i < tasks; i++) {
      node.create(urgent, Priority.CRITICAL, 1);
      long committed = System.nanoTime();
      micros.recordValue(Math.max(0, ordered.take() - committed) / 1_000);
      LockSupport.parkNanos(interval.toNanos());
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
