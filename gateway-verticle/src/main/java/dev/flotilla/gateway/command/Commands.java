package dev.flotilla.gateway.command;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bus;
import dev.flotilla.dispatch.CommandRequest;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.meter.GatewayMeters;
import dev.flotilla.identity.Ids;
import dev.flotilla.telemetry.LogKeys;
import dev.flotilla.telemetry.Tracing;
import dev.flotilla.wire.RawJson;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks any command node to run a command. A node that does not answer may have died with the
/// request, so it is asked once more: commands that change state carry an idempotency key, which
/// makes the repetition harmless. Both tries share the configured time.
public final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
  private static final long PAUSE_MS = 100;

  private final Vertx vertx;
  private final Bus bus;
  private final Duration timeout;
  private final GatewayMeters meters;
  private final Clock clock;
  private final Tracing tracing;

  public Commands(
      Vertx vertx, Bus bus, Duration timeout, GatewayMeters meters, Clock clock, Tracing tracing) {
    this.tracing = tracing;
    this.vertx = vertx;
    this.bus = bus;
    this.timeout = timeout;
    this.meters = meters;
    this.clock = clock;
  }

  /// Fails with a [FaultException] only.
  ///
  /// @param via the edge that the request came through, for the meter
  public Future<RawJson> run(CommandRequest asked, String via) {
    long start = System.nanoTime();
    Tracing.Span span =
        tracing
            .begin("edge " + asked.kind().method(), asked.trace())
            .tag("flotilla.via", via)
            .tag("flotilla.tenant", asked.principal().tenant())
            .tag("flotilla.correlation_id", asked.correlationId());
    CommandRequest request = asked.traced(span.traceparent());
    return ask(request, timeout.dividedBy(2))
        .recover(failure -> again(request, failure, start))
        .recover(failure -> Future.failedFuture(known(request, failure).asException()))
        .onComplete(
            _ -> {
              span.end(null);
              finished(request, via, "OK", start);
            },
            failure -> {
              span.end(codeOf(failure));
              finished(request, via, codeOf(failure), start);
            });
  }

  private Future<RawJson> ask(CommandRequest request, Duration limit) {
    return bus.ask(Addresses.EXECUTE, request, limit);
  }

  private Future<RawJson> again(CommandRequest request, Throwable failure, long start) {
    Fault fault = FaultException.in(failure);
    Duration left = timeout.minusNanos(System.nanoTime() - start).minusMillis(PAUSE_MS);
    if (fault == null || fault.reason() != Reason.UNAVAILABLE || left.toMillis() <= 0) {
      return Future.failedFuture(failure);
    }
    return vertx.timer(PAUSE_MS, TimeUnit.MILLISECONDS).compose(_ -> ask(request, left));
  }

  private Fault known(CommandRequest request, Throwable failure) {
    Fault fault = FaultException.in(failure);
    if (fault != null) {
      return fault;
    }
    String incident = Ids.next(clock);
    LOG.atError()
        .setCause(failure)
        .addKeyValue(LogKeys.CORRELATION_ID, request.correlationId())
        .addKeyValue(LogKeys.METHOD, request.kind().method())
        .log("incident {} while asking for a command", incident);
    return Fault.of(Reason.INTERNAL, "Something went wrong (incident " + incident + ").");
  }

  private void finished(CommandRequest request, String via, String code, long start) {
    meters.requestFinished(via, request.kind().method(), code, System.nanoTime() - start);
  }

  private static String codeOf(Throwable failure) {
    Fault fault = FaultException.in(failure);
    return fault == null ? "INTERNAL_ERROR" : fault.code().name();
  }
}
