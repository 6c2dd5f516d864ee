package dev.flotilla.registry;

import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// How busy the instances of this node are by their own account, added up. None has a series of its
/// own: a fleet may have a thousand, and `instance.list` tells of each.
final class LoadMeters {
  private final MeterRegistry registry;
  private final Clock clock;
  private final List<Meter> gauges = new ArrayList<>();
  private volatile List<InstanceLoad> loads = List.of();

  LoadMeters(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
    sum(MeterNames.INSTANCE_RUNS, load -> number(load.runs()));
    sum(MeterNames.INSTANCE_QUEUED, load -> number(load.queued()));
    sum(MeterNames.INSTANCE_SESSIONS, load -> number(load.activeSessions()));
    sum(MeterNames.INSTANCE_TOKENS, LoadMeters::tokens);
    sum(MeterNames.INSTANCE_COST, LoadMeters::cost);
    most(MeterNames.INSTANCE_ANSWER, load -> number(load.answerMs()));
    most(MeterNames.INSTANCE_LOAD_AGE, this::age);
  }

  private void sum(String name, ToDoubleFunction<InstanceLoad> figure) {
    gauges.add(
        Gauge.builder(name, this, each -> each.loads.stream().mapToDouble(figure).sum())
            .register(registry));
  }

  private void most(String name, ToDoubleFunction<InstanceLoad> millis) {
    gauges.add(
        TimeGauge.builder(
                name,
                this,
                TimeUnit.MILLISECONDS,
                each -> each.loads.stream().mapToDouble(millis).max().orElse(0))
            .register(registry));
  }

  private static double number(@Nullable Number number) {
    return number == null ? 0 : number.doubleValue();
  }

  private static double tokens(InstanceLoad load) {
    InstanceLoad.Usage usage = load.usage();
    return usage == null ? 0 : number(usage.inputTokens()) + number(usage.outputTokens());
  }

  private static double cost(InstanceLoad load) {
    InstanceLoad.Usage usage = load.usage();
    return usage == null ? 0 : number(usage.costUsd());
  }

  private double age(InstanceLoad load) {
    return (double) Duration.between(load.at(), clock.instant()).toMillis();
  }

  /// @param told what each instance has told last
  void loaded(List<InstanceLoad> told) {
    loads = List.copyOf(told);
  }

  void close() {
    gauges.forEach(registry::remove);
  }
}
