package dev.flotilla.node;

import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.telemetry.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;

/// What the verticles of a node stand on.
public record Wiring(
    FleetConfig config,
    Membership membership,
    Bus bus,
    Stores stores,
    EventLog log,
    MeterRegistry meters,
    Readiness readiness,
    Clock clock,
    Tracing tracing) {

  /// Without traces.
  public Wiring(
      FleetConfig config,
      Membership membership,
      Bus bus,
      Stores stores,
      EventLog log,
      MeterRegistry meters,
      Readiness readiness,
      Clock clock) {
    this(config, membership, bus, stores, log, meters, readiness, clock, Tracing.OFF);
  }
}
