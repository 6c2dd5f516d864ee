package dev.flotilla.gateway.meter;

import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;
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
  private final AtomicInteger feeds = new AtomicInteger();
  private final Counter backfills;
  private final Map<Encoding, Dialect> dialects = new EnumMap<>(Encoding.class);

  /// The meters of one dialect.
  private static final class Dialect {
    final AtomicInteger sessions = new AtomicInteger();
    final List<Tally> tallies = new CopyOnWriteArrayList<>();
    final Counter connections;

    Dialect(MeterRegistry registry, Encoding encoding) {
      Tags tags = Tags.of("dialect", encoding.wireName());
      registry.gauge(MeterNames.SESSIONS, tags, sessions);
      connections = registry.counter(MeterNames.CONNECTIONS, tags);
      sum(registry, MeterNames.MESSAGES_RECEIVED, tags, Tally::receivedCount);
      sum(registry, MeterNames.BYTES_RECEIVED, tags, Tally::receivedBytes);
      sum(registry, MeterNames.MESSAGES_SENT, tags, Tally::sentCount);
      sum(registry, MeterNames.BYTES_SENT, tags, Tally::sentBytes);
      delivered(registry, tags, "durable", Tally::durableCount);
      delivered(registry, tags, "ephemeral", Tally::ephemeralCount);
      delivered(registry, tags, "dropped", Tally::droppedCount);
    }

    private void delivered(
        MeterRegistry registry, Tags tags, String name, ToLongFunction<Tally> count) {
      sum(registry, MeterNames.EVENTS_DELIVERED, tags.and("class", name), count);
    }

    private void sum(MeterRegistry registry, String name, Tags tags, ToLongFunction<Tally> count) {
      FunctionCounter.builder(name, tallies, all -> all.stream().mapToLong(count).sum())
          .tags(tags)
          .register(registry);
    }
  }

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge(MeterNames.FEEDS, feeds);
    backfills = registry.counter(MeterNames.FEED_BACKFILLS);
    for (Encoding encoding : Encoding.values()) {
      dialects.put(encoding, new Dialect(registry, encoding));
    }
  }

  /// A new tally of the dialect, for one event loop.
  public Tally tally(Encoding encoding) {
    Tally tally = new Tally();
    of(encoding).tallies.add(tally);
    return tally;
  }

  private Dialect of(Encoding encoding) {
    return Objects.requireNonNull(dialects.get(encoding));
  }

  public void socketOpened(Encoding encoding) {
    of(encoding).connections.increment();
  }

  public void sessionOpened(Encoding encoding) {
    of(encoding).sessions.incrementAndGet();
  }

  public void sessionClosed(Encoding encoding) {
    of(encoding).sessions.decrementAndGet();
  }

  /// Open sessions of this node, over all dialects.
  public int sessions() {
    return dialects.values().stream().mapToInt(dialect -> dialect.sessions.get()).sum();
  }

  /// A session was closed because its client read too slowly.
  public void backpressured() {
    registry.counter(MeterNames.BACKPRESSURE_DISCONNECTS).increment();
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

  public void requestFinished(String via, String method, String code, long nanos) {
    Timer.builder(MeterNames.REQUEST_TIME)
        .tags("via", via, "method", method, "code", code)
        .serviceLevelObjectives(BUCKETS)
        .register(registry)
        .record(Duration.ofNanos(nanos));
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
