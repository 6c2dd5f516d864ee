package dev.flotilla.registry;

import dev.flotilla.contract.Fact;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Sends what runs say and do to the subscribers in batches: one message per tenant and correlation
/// id every few milliseconds instead of one per word.
final class RunOutputs {
  private static final long FLUSH_MS = 50;

  /// Whose subscribers hear it, and the request that it goes back to.
  private record Lane(TenantId tenant, @Nullable String correlationId) {}

  private final Vertx vertx;
  private final EventLog log;
  private final Map<Lane, List<Fact>> waiting = new LinkedHashMap<>();
  private boolean armed;

  RunOutputs(Vertx vertx, EventLog log) {
    this.vertx = vertx;
    this.log = log;
  }

  void add(TenantId tenant, @Nullable String correlationId, Fact fact) {
    waiting.computeIfAbsent(new Lane(tenant, correlationId), _ -> new ArrayList<>()).add(fact);
    if (!armed) {
      armed = true;
      vertx.setTimer(
          FLUSH_MS,
          _ -> {
            armed = false;
            flush();
          });
    }
  }

  /// Sends what waits. Call it before a run's end is told, so that the end comes last.
  void flush() {
    waiting.forEach(
        (lane, facts) -> log.publishEphemeral(lane.tenant(), facts, lane.correlationId()));
    waiting.clear();
  }
}
