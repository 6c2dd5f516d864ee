package dev.flotilla.gateway.meter;

import dev.flotilla.fault.Reason;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the edge counts. Tags come from tables only, never from clients.
public final class GatewayMeters {
  private static final Duration[] BUCKETS = {
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;
  private final AtomicInteger sessions = new AtomicInteger();
  private final AtomicInteger feeds = new AtomicInteger();
  private final Counter connections;
  private final Counter received;
  private final Counter sent;
  private final Counter durable;
  private final Counter ephemeral;
  private final Counter dropped;
  private final Counter backfills;

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge(MeterNames.SESSIONS, sessions);
    registry.gauge(MeterNames.FEEDS, feeds);
    connections = registry.counter(MeterNames.CONNECTIONS);
    received = registry.counter(MeterNames.FRAMES_RECEIVED);
    sent = registry.counter(MeterNames.FRAMES_SENT);
    durable = registry.counter(MeterNames.EVENTS_DELIVERED, "class", "durable");
    ephemeral = registry.counter(MeterNames.EVENTS_DELIVERED, "class", "ephemeral");
    dropped = registry.counter(MeterNames.EVENTS_DELIVERED, "class", "dropped");
    backfills = registry.counter(MeterNames.FEED_BACKFILLS);
  }

  public void socketOpened() {
    connections.increment();
  }

  public void sessionOpened() {
    sessions.incrementAndGet();
  }

  public void sessionClosed() {
    sessions.decrementAndGet();
  }

  /// @param code one of our own, or `peer` where the client closed first
  public void socketClosed(String code) {
    registry.counter(MeterNames.DISCONNECTIONS, "code", code).increment();
  }

  public void protocolError(Reason reason) {
    registry.counter(MeterNames.PROTOCOL_ERRORS, "reason", reason.name()).increment();
  }

  /// @param refusal null where the credential was accepted
  public void authenticated(@Nullable Reason refusal) {
    String outcome = refusal == null ? "OK" : refusal.name();
    registry.counter(MeterNames.AUTH, "outcome", outcome).increment();
  }

  public void frameReceived() {
    received.increment();
  }

  public void frameSent() {
    sent.increment();
  }

  public void requestFinished(String via, String method, String code, long nanos) {
    Timer.builder(MeterNames.REQUEST_TIME)
        .tags("via", via, "method", method, "code", code)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofNanos(nanos));
  }

  public void durableDelivered() {
    durable.increment();
  }

  public void ephemeralDelivered() {
    ephemeral.increment();
  }

  public void ephemeralDropped() {
    dropped.increment();
  }

  public void feeds(int count) {
    feeds.set(count);
  }

  public void backfilled() {
    backfills.increment();
  }

  public void resumed(boolean complete) {
    registry.counter(MeterNames.RESUMES, "outcome", complete ? "complete" : "gap").increment();
  }
}
