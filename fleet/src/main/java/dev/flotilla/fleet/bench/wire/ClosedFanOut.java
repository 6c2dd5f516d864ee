package dev.flotilla.fleet.bench.wire;

import dev.flotilla.fleet.bench.wire.machine.Cores;
import dev.flotilla.fleet.bench.wire.machine.CpuUse;
import dev.flotilla.fleet.bench.wire.machine.CpuWatch;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/// Deliveries per second while so many events are in flight: a new one is published when every
/// subscriber has one more.
record ClosedFanOut(Measure measure, int inFlight) {
  private static final long STALL = Duration.ofSeconds(5).toNanos();
  private static final int WAIT_MS = 100;

  Run run(Crowd crowd, Cores cores, Duration warmUp, Duration measured) throws IOException {
    Window window = new Window(inFlight, crowd.size(), crowd.next());
    crowd.hear(window::delivered);
    pump(crowd, window, warmUp);
    CpuWatch watch = crowd.watch(cores);
    long before = window.deliveries();
    long start = System.nanoTime();
    pump(crowd, window, measured);
    double seconds = (System.nanoTime() - start) / 1e9;
    long deliveries = window.deliveries() - before;
    CpuUse cpu = watch.stop();
    drain(crowd, window);
    return new Run(
        measure,
        crowd.broker().name(),
        deliveries / seconds,
        cpu,
        Map.of("bytes per delivery", (double) crowd.deliveryBytes()));
  }

  private void pump(Crowd crowd, Window window, Duration length) throws IOException {
    long now = System.nanoTime();
    long end = now + length.toNanos();
    long progressAt = now;
    long seen = window.deliveries();
    while (now - end < 0) {
      int free = window.take();
      if (free > 0) {
        crowd.publish(free);
      }
      crowd.turn(WAIT_MS);
      now = System.nanoTime();
      if (window.deliveries() != seen) {
        seen = window.deliveries();
        progressAt = now;
      } else if (now - progressAt > STALL) {
        throw new IOException(lost(window));
      }
    }
  }

  /// Lets what is in flight arrive, so that it disturbs nobody.
  private void drain(Crowd crowd, Window window) throws IOException {
    long deadline = System.nanoTime() + STALL;
    while (!window.idle()) {
      crowd.turn(WAIT_MS);
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(lost(window));
      }
    }
  }

  private static String lost(Window window) {
    return "an event did not reach every subscriber; " + window.completed() + " events did";
  }
}
