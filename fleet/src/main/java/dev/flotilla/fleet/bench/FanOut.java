package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// How long a durable event takes from the client that causes it to each of many subscribers,
/// spread over all nodes, one event in flight.
public record FanOut(int subscribers, int events) implements Scenario {
  private static final int WARMUP = 10;
  private static final long LIMIT_SECONDS = 60;

  @Override
  public String name() {
    return "fan-out";
  }

  @Override
  public List<Figure> run(Target target) throws Exception {
    Histogram micros = new ConcurrentHistogram(3);
    Semaphore delivered = new Semaphore(0);
    long[] sent = new long[1];
    boolean[] measuring = new boolean[1];
    List<ControlClient> clients = new ArrayList<>();
    for (int i = 0; i < subscribers; i++) {
      ControlClient client =
          target.connect(
              i,
              frame -> {
                if (isQueued(frame)) {
                  if (measuring[0]) {
                    micros.recordValue((System.nanoTime() - sent[0]) / 1_000);
                  }
                  delivered.release();
                }
              });
      client.subscribe(List.of("tasks")).await();
      clients.add(client);
    }
    ControlClient publisher = target.connect(0, _ -> {});
    List<String> created = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < WARMUP + events; i++) {
      if (i == WARMUP) {
        measuring[0] = true;
        start = System.nanoTime();
      }
      sent[0] = System.nanoTime();
      JsonObject task =
          publisher.request("task.create", Target.task("fan-out"), Target.key()).await();
      created.add(task.getString("id"));
      if (!delivered.tryAcquire(subscribers, LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("an event did not reach every subscriber in time");
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (ControlClient client : clients) {
      client.close().await();
    }
    Target.cancel(publisher, created);
    publisher.close().await();
    return List.of(
        new Figure(name(), "subscribers", subscribers, ""),
        new Figure(name(), "command to delivery p50", micros.getValueAtPercentile(50) / 1e3, "ms"),
        new Figure(name(), "command to delivery p99", micros.getValueAtPercentile(99) / 1e3, "ms"),
        new Figure(name(), "deliveries", (double) subscribers * events / seconds, "1/s"));
  }

  private static boolean isQueued(JsonObject frame) {
    return "task".equals(frame.getString("event"))
        && "queued".equals(frame.getJsonObject("payload").getString("change"));
  }
}
