package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// How long a client waits for a command whose effect is durable: `task.create`, one in flight.
/// Commands go to any command node, so with three nodes two of three cross the bus.
public record RoundTrip(int warmup, int requests) implements Scenario {

  @Override
  public String name() {
    return "round-trip";
  }

  @Override
  public List<Figure> run(Target target) {
    ControlClient client = target.connect(0, _ -> {});
    List<String> created = new ArrayList<>();
    Histogram micros = new Histogram(3);
    for (int i = 0; i < warmup + requests; i++) {
      long start = System.nanoTime();
      JsonObject task =
          client.request("task.create", Target.task("round-trip"), Target.key()).await();
      if (i >= warmup) {
        micros.recordValue((System.nanoTime() - start) / 1_000);
      }
      created.add(task.getString("id"));
    }
    Target.cancel(client, created);
    client.close().await();
    return List.of(
        new Figure(name(), "task.create p50", micros.getValueAtPercentile(50) / 1e3, "ms"),
        new Figure(name(), "task.create p99", micros.getValueAtPercentile(99) / 1e3, "ms"),
        new Figure(name(), "task.create max", micros.getMaxValue() / 1e3, "ms"));
  }
}
