package dev.flotilla.registry;

import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.registry.link.ConnectOutcome;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// The registry's meters. Gauges count only what this node owns, so that they add up over nodes.
final class RegistryMeters {
  private final MeterRegistry registry;
  private final Map<InstanceState, AtomicInteger> instances = new EnumMap<>(InstanceState.class);
  private final Map<ConnectOutcome, Counter> connects = new EnumMap<>(ConnectOutcome.class);
  private final AtomicInteger running = new AtomicInteger();
  private final Counter restarts;
  private final Counter adopted;
  private final List<Meter> gauges = new ArrayList<>();
  private final LoadMeters loads;

  RegistryMeters(MeterRegistry registry, Clock clock) {
    this.registry = registry;
    this.loads = new LoadMeters(registry, clock);
    for (InstanceState state : InstanceState.values()) {
      AtomicInteger count = new AtomicInteger();
      instances.put(state, count);
      gauges.add(
          Gauge.builder(MeterNames.INSTANCES, count, AtomicInteger::get)
              .tag("state", state.wireName())
              .register(registry));
    }
    for (ConnectOutcome outcome : ConnectOutcome.values()) {
      connects.put(outcome, registry.counter(MeterNames.LINK_CONNECTS, "outcome", outcome.tag()));
    }
    gauges.add(Gauge.builder(MeterNames.LINK_RUNS, running, AtomicInteger::get).register(registry));
    restarts = registry.counter(MeterNames.INSTANCE_RESTARTS);
    adopted = registry.counter(MeterNames.RUNS_ADOPTED);
  }

  /// What this node's links see right now.
  void owned(Map<InstanceState, Integer> byState, int runs) {
    instances.forEach((state, count) -> count.set(byState.getOrDefault(state, 0)));
    running.set(runs);
  }

  /// @param told what each of its instances has told last
  void loaded(List<InstanceLoad> told) {
    loads.loaded(told);
  }

  void connectTried(ConnectOutcome outcome) {
    Counter counter = connects.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  void instanceRestarted() {
    restarts.increment();
  }

  void runAdopted() {
    adopted.increment();
  }

  /// The node owns nothing any more; another verticle may take the names.
  void close() {
    gauges.forEach(registry::remove);
    loads.close();
  }
}
