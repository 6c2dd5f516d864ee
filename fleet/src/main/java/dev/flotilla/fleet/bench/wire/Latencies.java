package dev.flotilla.fleet.bench.wire;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/// Latencies of a run, recorded in nanoseconds and told in milliseconds.
final class Latencies {
  private static final double NANOS_PER_MS = 1e6;
  private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

  private final Histogram nanos = new Histogram(LONGEST, 3);

  void record(long latency) {
    nanos.recordValue(Math.clamp(latency, 0, LONGEST));
  }

  void reset() {
    nanos.reset();
  }

  long count() {
    return nanos.getTotalCount();
  }

  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / NANOS_PER_MS;
  }

  Map<String, Double> details() {
    Map<String, Double> details = new LinkedHashMap<>();
    details.put("p50 ms", millis(50));
    details.put("p99 ms", millis(99));
    details.put("p99.9 ms", millis(99.9));
    details.put("max ms", nanos.getMaxValue() / NANOS_PER_MS);
    return details;
  }
}
