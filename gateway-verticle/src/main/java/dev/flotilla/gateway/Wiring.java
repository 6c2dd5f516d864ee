package dev.flotilla.gateway;

import dev.flotilla.bus.Bus;
import dev.flotilla.cluster.Membership;
import dev.flotilla.config.FleetConfig;
import dev.flotilla.identity.Tokens;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import dev.flotilla.telemetry.Readiness;
import dev.flotilla.telemetry.Tracing;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;

/// What a gateway needs of its node.
public record Wiring(
    FleetConfig config,
    Membership membership,
    Bus bus,
    Stores stores,
    EventLog log,
    Tokens tokens,
    PrometheusMeterRegistry meters,
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
      Tokens tokens,
      PrometheusMeterRegistry meters,
      Readiness readiness,
      Clock clock) {
    this(config, membership, bus, stores, log, tokens, meters, readiness, clock, Tracing.OFF);
  }
}
