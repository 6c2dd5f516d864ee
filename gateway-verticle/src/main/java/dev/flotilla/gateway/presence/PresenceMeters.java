package dev.flotilla.gateway.presence;

import dev.flotilla.contract.PresenceStatus;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// What presence counts.
final class PresenceMeters {
  private final MeterRegistry registry;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger paused = new AtomicInteger();

  PresenceMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge(MeterNames.PRESENCE_USERS, users);
    registry.gauge(MeterNames.PRESENCE_PAUSED, paused);
  }

  void users(int count) {
    users.set(count);
  }

  void paused(boolean is) {
    paused.set(is ? 1 : 0);
  }

  void changed(PresenceStatus status, int count) {
    registry.counter(MeterNames.PRESENCE_CHANGES, "status", status.wireName()).increment(count);
  }
}
