package dev.flotilla.gateway.meter;

import dev.flotilla.contract.TopicFamily;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToLongFunction;

/// The meters of one dialect: sums over the tallies of all event loops.
final class DialectMeters {
  private final MeterRegistry registry;
  private final Tags tags;
  private final AtomicInteger sessions = new AtomicInteger();
  private final List<Tally> tallies = new CopyOnWriteArrayList<>();
  private final Counter connections;

  DialectMeters(MeterRegistry registry, Encoding encoding) {
    this.registry = registry;
    tags = Tags.of("dialect", encoding.wireName());
    registry.gauge(MeterNames.SESSIONS, tags, sessions);
    connections = registry.counter(MeterNames.CONNECTIONS, tags);
    counter(MeterNames.MESSAGES_RECEIVED, tags, Tally::receivedCount);
    counter(MeterNames.BYTES_RECEIVED, tags, Tally::receivedBytes);
    counter(MeterNames.MESSAGES_SENT, tags, Tally::sentCount);
    counter(MeterNames.BYTES_SENT, tags, Tally::sentBytes);
    counter(MeterNames.SEND_FAILURES, tags, Tally::failedSendCount);
    counter(MeterNames.MESSAGES_LIMITED, tags, Tally::limitedCount);
    counter(MeterNames.ERRORS_SENT, tags, Tally::errorCount);
    delivered("durable", Tally::durableCount);
    delivered("ephemeral", Tally::ephemeralCount);
    delivered("dropped", Tally::droppedCount);
    gauge(MeterNames.FAN_OUT, tags, Tally::fanOut);
    gauge(MeterNames.QUEUED_FRAMES, tags, tally -> tally.queued().frames());
    gauge(MeterNames.QUEUED_BYTES, tags, tally -> tally.queued().bytes());
    maximum(MeterNames.QUEUED_FRAMES_MAX, tally -> tally.queued().framesMax());
    maximum(MeterNames.QUEUED_BYTES_MAX, tally -> tally.queued().bytesMax());
    for (TopicFamily family : TopicFamily.values()) {
      gauge(
          MeterNames.SUBSCRIBED,
          tags.and("subscription", family.wireName()),
          tally -> tally.subscribed(family));
    }
  }

  /// A new tally, for one event loop.
  Tally tally() {
    Tally tally = new Tally();
    tallies.add(tally);
    return tally;
  }

  void socketOpened() {
    connections.increment();
  }

  void sessionOpened() {
    sessions.incrementAndGet();
  }

  void sessionClosed() {
    sessions.decrementAndGet();
  }

  /// Open right now.
  int sessions() {
    return sessions.get();
  }

  Totals totals() {
    Map<String, Integer> subscribed = new TreeMap<>();
    for (TopicFamily family : TopicFamily.values()) {
      int count = (int) sum(tally -> tally.subscribed(family));
      if (count > 0) {
        subscribed.put(family.wireName(), count);
      }
    }
    return new Totals(
        (long) connections.count(),
        sessions.get(),
        subscribed,
        sum(Tally::receivedCount),
        sum(Tally::receivedBytes),
        sum(Tally::sentCount),
        sum(Tally::sentBytes),
        sum(Tally::failedSendCount),
        sum(Tally::errorCount),
        sum(Tally::limitedCount),
        sum(Tally::droppedCount),
        sum(Tally::fanOut),
        sum(tally -> tally.queued().frames()),
        max(tally -> tally.queued().framesMax()),
        sum(tally -> tally.queued().bytes()),
        max(tally -> tally.queued().bytesMax()));
  }

  private long sum(ToLongFunction<Tally> count) {
    return tallies.stream().mapToLong(count).sum();
  }

  private long max(ToLongFunction<Tally> count) {
    return tallies.stream().mapToLong(count).max().orElse(0);
  }

  private void delivered(String name, ToLongFunction<Tally> count) {
    counter(MeterNames.EVENTS_DELIVERED, tags.and("class", name), count);
  }

  private void counter(String name, Tags all, ToLongFunction<Tally> count) {
    FunctionCounter.builder(name, this, meters -> meters.sum(count)).tags(all).register(registry);
  }

  private void gauge(String name, Tags all, ToLongFunction<Tally> count) {
    Gauge.builder(name, this, meters -> meters.sum(count)).tags(all).register(registry);
  }

  private void maximum(String name, ToLongFunction<Tally> count) {
    Gauge.builder(name, this, meters -> meters.max(count)).tags(tags).register(registry);
  }
}
