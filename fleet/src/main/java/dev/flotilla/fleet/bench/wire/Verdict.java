package dev.flotilla.fleet.bench.wire;

import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A target and what came of it.
///
/// @param reached null where it was not measured
public record Verdict(String target, double wanted, @Nullable Double reached, boolean met) {
  static final String US = "flotilla";
  static final String NATS = "nats-server";
  static final String NCHAN = "nginx+nchan";
  static final String ECHO = "bare Vert.x";

  private static final double KIB = 1024;

  /// What a kernel's clock ticks can tell from nothing.
  private static final double MEASURABLE = 0.005;

  public static List<Verdict> of(List<Median> medians) {
    return List.of(
        atLeast(
            "fan-out, 1 in flight, to the better of nats-server and nginx+nchan",
            1.2,
            ratio(medians, Measure.FAN_OUT_1, NATS, NCHAN)),
        atLeast(
            "fan-out, 64 in flight, to nats-server", 1.5, ratio(medians, Measure.FAN_OUT_64, NATS)),
        atMost("p99 at 20,000 deliveries/s, ms", 15, value(medians, Measure.PACED_P99, US)),
        atLeast("requests, to a bare Vert.x echo", 0.6, ratio(medians, Measure.REQUESTS, ECHO)),
        atMost("heap of an idle session, bytes", 12 * KIB, value(medians, Measure.IDLE_HEAP, US)),
        atMost("RssAnon of an idle session, bytes", 24 * KIB, value(medians, Measure.IDLE_RSS, US)),
        atMost(
            "CPU of all idle sessions between pings, cores",
            MEASURABLE,
            value(medians, Measure.IDLE_CPU, US)));
  }

  private static OptionalDouble ratio(List<Median> medians, Measure measure, String... peers) {
    OptionalDouble ours = value(medians, measure, US);
    OptionalDouble best =
        Stream.of(peers)
            .map(peer -> value(medians, measure, peer))
            .flatMapToDouble(OptionalDouble::stream)
            .max();
    return ours.isPresent() && best.isPresent()
        ? OptionalDouble.of(ours.getAsDouble() / best.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble value(List<Median> medians, Measure measure, String system) {
    return medians.stream()
        .map(Median::run)
        .filter(run -> run.measure() == measure && run.system().equals(system))
        .mapToDouble(Run::value)
        .findFirst();
  }

  private static Verdict atLeast(String target, double wanted, OptionalDouble reached) {
    boolean met = reached.isPresent() && reached.getAsDouble() >= wanted;
    return new Verdict(target + ": at least", wanted, box(reached), met);
  }

  private static Verdict atMost(String target, double wanted, OptionalDouble reached) {
    boolean met = reached.isPresent() && reached.getAsDouble() <= wanted;
    return new Verdict(target + ": at most", wanted, box(reached), met);
  }

  private static @Nullable Double box(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }
}
