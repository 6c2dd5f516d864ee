package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How long a client that comes back to another node waits for everything it has missed, from the
/// opening of its connection.
public record Resume(int missed, int rounds) implements Scenario {
  private static final int IN_FLIGHT = 16;
  private static final long LIMIT_SECONDS = 60;

  @Override
  public String name() {
    return "resume";
  }

  @Override
  public List<Figure> run(Target target) throws Exception {
    double[] millis = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      millis[round] = round(target, round);
    }
    Arrays.sort(millis);
    return List.of(
        new Figure(name(), "missed events", missed, ""),
        new Figure(name(), "connect to last missed event, median", millis[rounds / 2], "ms"),
        new Figure(name(), "connect to last missed event, max", millis[rounds - 1], "ms"));
  }

  private double round(Target target, int round) throws InterruptedException {
    ControlClient first = target.connect(round, _ -> {});
    JsonObject position = first.subscribe(List.of("tasks")).await().getJsonObject("position");
    first.close().await();

    ControlClient publisher = target.connect(round, _ -> {});
    List<String> created = new ArrayList<>();
    while (created.size() < missed) {
      List<Future<JsonObject>> batch = new ArrayList<>();
      for (int i = 0; i < Math.min(IN_FLIGHT, missed - created.size()); i++) {
        batch.add(publisher.request("task.create", Target.task("resume"), Target.key()));
      }
      Future.all(batch).await();
      batch.forEach(task -> created.add(task.result().getString("id")));
    }

    Semaphore received = new Semaphore(0);
    long start = System.nanoTime();
    ControlClient back =
        target.connect(
            round + 1,
            frame -> {
              if ("task".equals(frame.getString("event"))) {
                received.release();
              }
            });
    back.subscribeSince(List.of("tasks"), position.getString("epoch"), position.getLong("seq"))
        .await();
    if (!received.tryAcquire(missed, LIMIT_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the missed events did not all arrive in time");
    }
    double millis = (System.nanoTime() - start) / 1e6;
    back.close().await();
    Target.cancel(publisher, created);
    publisher.close().await();
    return millis;
  }
}
