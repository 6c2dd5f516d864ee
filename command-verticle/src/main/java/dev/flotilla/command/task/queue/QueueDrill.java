package dev.flotilla.command.task.queue;

import dev.flotilla.contract.Priority;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// Drives the scripts as fast as they go, without PostgreSQL, under a prefix of its own: no fleet
/// on the same Redis sees anything of it.
public final class QueueDrill {
  private static final String PREFIX = "flotilla:{drill}";
  private static final String LEASE_MS = "600000";
  private static final int ADDED = 250;

  /// Of each task: added, taken, placed, finished.
  public static final int TRANSITIONS = 4;

  // As a dispatcher with much to do.
  private static final int TAKEN = 16;
  private static final int TENANTS = 10;

  /// @param tasks that went from the queue to their end
  /// @param transitions of them: added, taken, placed, finished
  public record Done(int tasks, long transitions, Duration elapsed) {
    public double perSecond() {
      return transitions * 1e9 / elapsed.toNanos();
    }
  }

  private final Scripts scripts;

  public QueueDrill(Redis redis) {
    this.scripts = new Scripts(redis, PREFIX);
  }

  /// @param backlog tasks of the lowest level that stay where they are
  public void prepare(int backlog) {
    scripts.clear();
    scripts.run(Script.BUILDING, List.of("drill", LEASE_MS));
    scripts.run(Script.BUILT, List.of("drill"));
    add("b", backlog, Priority.LOW, 1_000_000_000L);
  }

  /// Puts tasks in and takes them to their end, side by side on so many threads.
  public Done run(int tasks, int threads) throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    add("t", tasks, Priority.HIGH, 0);
    List<FutureTask<Integer>> workers = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      String node = "n" + i;
      FutureTask<Integer> worker = new FutureTask<>(() -> work(node));
      workers.add(worker);
      Thread.ofVirtual().name("drill-", i).start(worker);
    }
    int finished = 0;
    for (FutureTask<Integer> worker : workers) {
      finished += worker.get();
    }
    Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
    return new Done(finished, (long) TRANSITIONS * finished, elapsed);
  }

  public void end() {
    scripts.clear();
  }

  private void add(String name, int tasks, Priority level, long ordinal) {
    for (int from = 0; from < tasks; from += ADDED) {
      List<String> arguments = new ArrayList<>();
      for (int i = from; i < Math.min(tasks, from + ADDED); i++) {
        String tenant = "tenant-" + i % TENANTS;
        int rank = Ticket.level(level);
        arguments.addAll(
            new Ticket(name + i, tenant, rank, ordinal + i, "any", 0, 0, 0).arguments());
        arguments.add("0");
      }
      scripts.run(Script.ADD, arguments);
    }
  }

  /// Until only the backlog is left.
  private int work(String node) {
    int finished = 0;
    while (true) {
      List<String> taken = high(node);
      if (taken.isEmpty()) {
        return finished;
      }
      List<String> ended = new ArrayList<>(List.of(node));
      List<Integer> answers = slots(taken, node);
      for (int i = 0; i < taken.size(); i++) {
        if (answers.get(i) == 1) {
          ended.add(taken.get(i));
        } else {
          scripts.run(Script.PARK, List.of(taken.get(i), node, "parked", "0", "0"));
        }
      }
      if (ended.size() > 1) {
        scripts.run(Script.FINISH, ended);
        finished += ended.size() - 1;
      }
    }
  }

  private List<Integer> slots(List<String> ids, String node) {
    List<Integer> answers = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += TaskQueue.PLACED_AT_ONCE) {
      List<String> arguments = new ArrayList<>(List.of(node));
      ids.subList(from, Math.min(ids.size(), from + TaskQueue.PLACED_AT_ONCE))
          .forEach(
              id -> arguments.addAll(List.of(id, "1", "instance-" + node, "1000", "0", "1000")));
      Response told = scripts.run(Script.SLOT, arguments);
      if (told != null) {
        told.forEach(answer -> answers.add(answer.toInteger()));
      }
    }
    return answers;
  }

  private List<String> high(String node) {
    List<String> high = new ArrayList<>();
    @Nullable Response ids =
        scripts.run(Script.TAKE, List.of(node, LEASE_MS, Integer.toString(TAKEN)));
    if (ids != null) {
      for (Response id : ids) {
        if (id.toString().startsWith("t")) {
          high.add(id.toString());
        } else {
          scripts.run(Script.PARK, List.of(id.toString(), node, "parked", "0", "0"));
        }
      }
    }
    return high;
  }
}
