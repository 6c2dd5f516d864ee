package dev.flotilla.registry;

import dev.flotilla.contract.Fact;
import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.identity.TenantId;
import dev.flotilla.log.EventLog;
import dev.flotilla.log.Head;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends streamed text to the subscribers in batches: one message per tenant and correlation id
/// every few milliseconds instead of one per word. The text is ephemeral; where too much of it
/// waits (PostgreSQL is away and the tenant's epoch is not known yet), the oldest goes.
final class RunOutputs {
  private static final Logger LOG = LoggerFactory.getLogger(RunOutputs.class);
  private static final long FLUSH_MS = 50;
  private static final int MAX_WAITING = 2_000;

  /// Whose subscribers hear it, and the request that it goes back to.
  private record Lane(TenantId tenant, String correlationId) {}

  private final Vertx vertx;
  private final EventLog log;
  private final Map<TenantId, String> epochs = new HashMap<>();
  private final Map<Lane, List<Fact>> waiting = new LinkedHashMap<>();
  private boolean armed;

  RunOutputs(Vertx vertx, EventLog log) {
    this.vertx = vertx;
    this.log = log;
  }

  void add(RunOrder order, long index, String text) {
    String correlationId = order.correlationId();
    Lane lane = new Lane(order.tenant(), correlationId == null ? "" : correlationId);
    List<Fact> facts = waiting.computeIfAbsent(lane, _ -> new ArrayList<>());
    if (facts.size() >= MAX_WAITING) {
      facts.removeFirst();
    }
    facts.add(new Fact.TaskOutput(order.task(), order.attempt(), index, text));
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
    for (Lane lane : List.copyOf(waiting.keySet())) {
      String epoch = epochs.get(lane.tenant());
      if (epoch == null) {
        learnEpoch(lane.tenant());
      } else {
        List<Fact> facts = waiting.remove(lane);
        String correlationId = lane.correlationId().isEmpty() ? null : lane.correlationId();
        log.publishEphemeral(
            lane.tenant(), epoch, facts == null ? List.of() : facts, correlationId);
      }
    }
  }

  private void learnEpoch(TenantId tenant) {
    log.head(tenant)
        .map(Head::epoch)
        .onComplete(
            epoch -> {
              epochs.put(tenant, epoch);
              flush();
            },
            failure -> {
              LOG.debug("epoch of {} not known: {}", tenant, failure.getMessage());
              waiting.keySet().removeIf(lane -> lane.tenant().equals(tenant));
            });
  }
}
