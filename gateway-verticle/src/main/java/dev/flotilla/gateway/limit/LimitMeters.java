package dev.flotilla.gateway.limit;

import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What the limits count.
final class LimitMeters {
  private final MeterRegistry registry;
  private final Map<Limit, Counter> limited = new EnumMap<>(Limit.class);
  private final Counter local;

  LimitMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Limit limit : Limit.values()) {
      limited.put(limit, registry.counter(MeterNames.LIMITED, "limit", limit.wireName()));
    }
    local = registry.counter(MeterNames.QUOTA_LOCAL);
  }

  void limited(Limit limit) {
    Counter counter = limited.get(limit);
    if (counter != null) {
      counter.increment();
    }
  }

  void letThroughLocally() {
    local.increment();
  }

  /// The registry does not keep them alive.
  void watch(Map<?, ?> budgets) {
    registry.gaugeMapSize(MeterNames.QUOTAS, List.of(), budgets);
  }
}
