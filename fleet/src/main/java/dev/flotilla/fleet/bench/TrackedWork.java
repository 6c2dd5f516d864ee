package dev.flotilla.fleet.bench;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/// Many subscribers of one project while its items change at a fixed rate, on all nodes. Time runs
/// from the instant that an event carries, which is when it was appended to the log, before the
/// commit, to when a subscriber has it. Both are read from the clock of the host, so run it on the
/// one of the nodes.
public record TrackedWork(int subscribers, int changesPerSecond, Duration length)
    implements Scenario {
  private static final int WRITERS = 32;
  private static final Duration WARM_UP = Duration.ofSeconds(20);
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  @Override
  public String name() {
    return "work";
  }

  @Override
  public List<Figure> run(Target target) throws Exception {
    List<ControlClient> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      writers.add(target.connect(i, _ -> {}));
    }
    String project =
        made(writers.getFirst(), "project.create", new JsonObject().put("name", "bench"));
    List<String> items = new ArrayList<>();
    for (ControlClient writer : writers) {
      JsonObject item =
          new JsonObject().put("projectId", project).put("itemType", "task").put("title", "bench");
      items.add(made(writer, "work_item.create", item));
    }
    Heard heard = new Heard();
    List<ControlClient> listeners = new ArrayList<>();
    for (int i = 0; i < subscribers; i++) {
      listeners.add(target.listen(i, new Listener(heard)::take));
      listeners.getLast().subscribe(List.of("project:" + project)).await();
    }
    long changes = write(writers, items, heard);
    long expected = changes * subscribers;
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (heard.events.sum() < expected && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(NANOS_PER_SECOND / 100);
    }
    for (ControlClient client : listeners) {
      client.close().await();
    }
    for (ControlClient client : writers) {
      client.close().await();
    }
    return figures(heard, expected);
  }

  /// @return how many changes were made
  private long write(List<ControlClient> writers, List<String> items, Heard heard) {
    long start = System.nanoTime();
    long begin = System.currentTimeMillis() + WARM_UP.toMillis();
    heard.measured.set(begin);
    long total = changesPerSecond * WARM_UP.plus(length).toSeconds();
    List<Future<JsonObject>> sent = new ArrayList<>();
    for (int n = 0; n < total; n++) {
      long due = start + n * NANOS_PER_SECOND / changesPerSecond;
      for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
        LockSupport.parkNanos(rest);
      }
      int writer = n % WRITERS;
      JsonObject change = new JsonObject().put("id", items.get(writer)).put("title", "change " + n);
      sent.add(writers.get(writer).request("work_item.update", change, Target.key()));
    }
    Future.join(sent).otherwiseEmpty().await();
    return sent.stream().filter(Future::succeeded).count();
  }

  private List<Figure> figures(Heard heard, long expected) {
    return List.of(
        new Figure(name(), "subscribers", subscribers, ""),
        new Figure(name(), "changes", changesPerSecond, "1/s"),
        new Figure(name(), "commit to delivery p50", heard.millis.getValueAtPercentile(50), "ms"),
        new Figure(name(), "commit to delivery p99", heard.millis.getValueAtPercentile(99), "ms"),
        new Figure(name(), "lost", (double) expected - heard.events.sum(), ""),
        new Figure(name(), "twice or out of order", heard.wrong.sum(), ""));
  }

  private static String made(ControlClient client, String method, JsonObject params) {
    return client.request(method, params, Target.key()).await().getString("id");
  }

  /// What all subscribers have heard.
  private static final class Heard {
    final Histogram millis = new ConcurrentHistogram(3);
    final LongAdder events = new LongAdder();
    final LongAdder wrong = new LongAdder();

    /// Events from this time on are measured.
    final AtomicLong measured = new AtomicLong(Long.MAX_VALUE);
  }

  /// One subscriber. Confined to its event loop.
  private static final class Listener {
    private static final String ITEM = "{\"type\":\"event\",\"event\":\"work_item";

    private final Heard heard;
    private long last;

    Listener(Heard heard) {
      this.heard = heard;
    }

    /// Takes events of items as text: to read all of each would measure the reader.
    boolean take(String frame) {
      if (!frame.startsWith(ITEM)) {
        return false;
      }
      long seq = number(frame, "\"seq\":");
      long at = number(frame, "\"ts\":");
      if (seq <= last) {
        heard.wrong.increment();
      }
      last = seq;
      heard.events.increment();
      if (at >= heard.measured.get()) {
        heard.millis.recordValue(Math.max(0, System.currentTimeMillis() - at));
      }
      return true;
    }

    private static long number(String frame, String name) {
      int from = frame.indexOf(name) + name.length();
      int to = from;
      while (Character.isDigit(frame.charAt(to))) {
        to++;
      }
      return Long.parseLong(frame, from, to, 10);
    }
  }
}
