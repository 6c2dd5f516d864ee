package dev.flotilla.gateway.meter;

import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.telemetry.MeterNames;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// What the edge counts. Tags come from tables only, never from clients.
public final class GatewayMeters {
  /// The code of a socket that its client closed.
  public static final String PEER = "peer";

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
  private final Map<Encoding, DialectMeters> dialects = new EnumMap<>(Encoding.class);

  public GatewayMeters(MeterRegistry registry) {
    this.registry = registry;
    registry.gauge(MeterNames.FEEDS, feeds);
    backfills = registry.counter(MeterNames.FEED_BACKFILLS);
    for (Encoding encoding : Encoding.values()) {
      dialects.put(encoding, new DialectMeters(registry, encoding));
    }
    // So that a scrape shows them from the start.
    for (Via via : Via.values()) {
      success(via);
      denial(via, Reason.TOKEN_MISSING);
    }
    for (Backpressure cause : Backpressure.values()) {
      disconnect(cause);
    }
    disconnection(PEER, PEER);
  }

  /// A new tally of the dialect, for one event loop.
  public Tally tally(Encoding encoding) {
    return of(encoding).tally();
  }

  public Totals totals(Encoding encoding) {
    return of(encoding).totals();
  }

  private DialectMeters of(Encoding encoding) {
    return Objects.requireNonNull(dialects.get(encoding));
  }

  public void socketOpened(Encoding encoding) {
    of(encoding).socketOpened();
  }

  public void sessionOpened(Encoding encoding) {
    of(encoding).sessionOpened();
  }

  public void sessionClosed(Encoding encoding) {
    of(encoding).sessionClosed();
  }

  /// Open sessions of this node, over all dialects.
  public int sessions() {
    return dialects.values().stream().mapToInt(DialectMeters::sessions).sum();
  }

  /// A session was closed because its client read too slowly.
  public void backpressured(Backpressure cause) {
    disconnect(cause).increment();
  }

  /// @param code one of our own, or [#PEER] where the client closed first
  /// @param reason what the code means
  public void socketClosed(String code, String reason) {
    disconnection(code, reason).increment();
  }

  /// A message was refused, or the session of somebody who was counted as denied already.
  public void refused(Reason reason) {
    registry.counter(MeterNames.PROTOCOL_ERRORS, "reason", reason.name()).increment();
  }

  /// Somebody was refused something.
  public void refused(Via via, Reason reason) {
    if (via == Via.WS) {
      refused(reason);
    }
    if (reason.code() == FaultCode.AUTHORIZATION_FAILED) {
      denial(via, reason).increment();
    }
  }

  /// @param refusal null where the credential was accepted
  public void authenticated(Via via, @Nullable Reason refusal) {
    (refusal == null ? success(via) : denial(via, refusal)).increment();
  }

  private Counter success(Via via) {
    return registry.counter(MeterNames.AUTH_SUCCESS, "via", via.wireName());
  }

  private Counter denial(Via via, Reason reason) {
    return registry.counter(MeterNames.AUTH_DENIED, "via", via.wireName(), "reason", reason.name());
  }

  private Counter disconnect(Backpressure cause) {
    return registry.counter(MeterNames.BACKPRESSURE_DISCONNECTS, "cause", cause.wireName());
  }

  private Counter disconnection(String code, String reason) {
    return registry.counter(MeterNames.DISCONNECTIONS, "code", code, "reason", reason);
  }

  /// @param waiting sockets that nobody has vouched for yet
  public void unadmitted(AtomicInteger waiting) {
    registry.gauge(MeterNames.UNADMITTED, waiting);
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
