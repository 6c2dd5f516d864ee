package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// Latency at a fixed rate that no answer slows down. An event's time runs from the moment at which
/// it was due, not from when it was sent: so what waits behind a stall counts with all its waiting.
record PacedFanOut(int deliveriesPerSecond) {
  private static final long SPIN = Duration.ofMillis(2).toNanos();
  private static final long DRAIN = Duration.ofSeconds(2).toNanos();
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();
  private static final long NANOS_PER_MS = Duration.ofMillis(1).toNanos();

  Run run(Crowd crowd, Cores cores, Duration warmUp, Duration measured) throws IOException {
    long interval = NANOS_PER_SECOND * crowd.size() / deliveriesPerSecond;
    Schedule schedule = new Schedule(crowd, System.nanoTime(), interval);
    schedule.follow(warmUp);
    schedule.drain();
    schedule = new Schedule(crowd, System.nanoTime(), interval);
    CpuWatch watch = crowd.watch(cores);
    schedule.follow(measured);
    CpuUse cpu = watch.stop();
    schedule.drain();
    Map<String, Double> details = new LinkedHashMap<>(schedule.latencies.details());
    details.put("deliveries/s", schedule.expected() / (measured.toNanos() / 1e9));
    details.put("lost", (double) schedule.expected() - schedule.latencies.count());
    details.put("bytes per delivery", (double) crowd.deliveryBytes());
    return new Run(
        Measure.PACED_P99, crowd.broker().name(), schedule.latencies.millis(99), cpu, details);
  }

  /// When each event is due.
  private static final class Schedule {
    private final Crowd crowd;
    private final long start;
    private final long interval;
    private final long first;
    private final Latencies latencies = new Latencies();
    private long published;

    Schedule(Crowd crowd, long start, long interval) {
      this.crowd = crowd;
      this.start = start;
      this.interval = interval;
      this.first = crowd.next();
      crowd.hear(this::delivered);
    }

    void follow(Duration length) throws IOException {
      while (published * interval < length.toNanos()) {
        long due = start + published * interval;
        for (long rest = due - System.nanoTime(); rest > 0; rest = due - System.nanoTime()) {
          crowd.turn(rest > SPIN ? (int) ((rest - SPIN) / NANOS_PER_MS) + 1 : 0);
        }
        crowd.publish(1);
        published++;
      }
    }

    void drain() throws IOException {
      long deadline = System.nanoTime() + DRAIN;
      while (latencies.count() < expected() && System.nanoTime() - deadline < 0) {
        crowd.turn(1);
      }
    }

    long expected() {
      return published * crowd.size();
    }

    private void delivered(long number) {
      if (number >= first) {
        latencies.record(System.nanoTime() - (start + (number - first) * interval));
      }
    }
  }
}
