package dev.flotilla.fleet.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Doors;
import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
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
  // So long the client itself compiles.
  private static final Duration WARM_UP = Duration.ofSeconds(40);
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
    long expected;
    String topic = "project:" + project;
    List<Dialogue> sockets = Doors.open(subscribers, target.turns(topic));
    try (Listeners listeners = new Listeners(sockets, () -> new Listener(heard)::take)) {
      expected = write(writers, items, heard) * subscribers;
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (heard.events.sum() < expected
          && System.nanoTime() - deadline < 0
          && !listeners.ended()) {
        LockSupport.parkNanos(NANOS_PER_SECOND / 100);
      }
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

  /// One subscriber.
  private static final class Listener {
    private static final byte[] ITEM = bytes("{\"type\":\"event\",\"event\":\"work_item");

    private final Heard heard;
    private final Field seqs = new Field("seq");
    private final Field times = new Field("ts");
    private long last;

    Listener(Heard heard) {
      this.heard = heard;
    }

    /// Takes events of items as bytes: to read all of each would measure the reader.
    void take(byte[] frame, int length) {
      if (!at(frame, 0, length, ITEM)) {
        return;
      }
      long seq = seqs.number(frame, length);
      long at = times.number(frame, length);
      if (seq <= last) {
        heard.wrong.increment();
      }
      last = seq;
      heard.events.increment();
      if (at >= heard.measured.get()) {
        heard.millis.recordValue(Math.max(0, System.currentTimeMillis() - at));
      }
    }

    /// A number in frames that are nearly alike: it is looked for where it was last.
    private static final class Field {
      private final byte[] mark;
      private int from;

      Field(String name) {
        mark = bytes('"' + name + "\":");
      }

      long number(byte[] frame, int length) {
        for (int tries = 0; !at(frame, from, length, mark); tries++) {
          if (tries > length) {
            throw new IllegalStateException("no field " + new String(mark, US_ASCII));
          }
          from = from < length ? from + 1 : 0;
        }
        long number = 0;
        for (int i = from + mark.length; frame[i] >= '0' && frame[i] <= '9'; i++) {
          number = 10 * number + frame[i] - '0';
        }
        return number;
      }
    }

    private static boolean at(byte[] frame, int from, int length, byte[] text) {
      return from + text.length <= length
          && Arrays.equals(frame, from, from + text.length, text, 0, text.length);
    }

    private static byte[] bytes(String text) {
      return text.getBytes(US_ASCII);
    }
  }
}
