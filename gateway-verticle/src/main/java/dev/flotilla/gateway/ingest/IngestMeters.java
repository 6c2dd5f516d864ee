package dev.flotilla.gateway.ingest;

import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// What ingest counts.
final class IngestMeters {
  /// What became of a message.
  enum Outcome {
    PUBLISHED,
    /// Not one JSON object, or too large.
    POISONOUS,
    /// Beyond the rate.
    DROPPED
  }

  private final MeterRegistry registry;
  private final Map<Outcome, Counter> messages = new EnumMap<>(Outcome.class);
  private final AtomicInteger subscribed = new AtomicInteger();

  IngestMeters(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      messages.put(
          outcome,
          registry.counter(
              MeterNames.INGEST_MESSAGES, "outcome", outcome.name().toLowerCase(Locale.ROOT)));
    }
    registry.gauge(MeterNames.INGEST_SUBSCRIBED, subscribed);
  }

  void message(Outcome outcome) {
    Counter counter = messages.get(outcome);
    if (counter != null) {
      counter.increment();
    }
  }

  void connect(boolean succeeded) {
    String outcome = succeeded ? "ok" : "failed";
    registry.counter(MeterNames.INGEST_CONNECTS, "outcome", outcome).increment();
  }

  void subscribed(boolean is) {
    subscribed.set(is ? 1 : 0);
  }
}
