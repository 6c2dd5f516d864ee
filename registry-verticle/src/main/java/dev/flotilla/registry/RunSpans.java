package dev.flotilla.registry;

import dev.flotilla.dispatch.RunOrder;
import dev.flotilla.dispatch.RunState;
import dev.flotilla.telemetry.Tracing;
import java.util.HashMap;
import java.util.Map;

/// The traces of the runs that this node's links carry: each from its first order to its end.
final class RunSpans {
  private final Tracing tracing;
  private final Map<String, Tracing.Span> open = new HashMap<>();

  RunSpans(Tracing tracing) {
    this.tracing = tracing;
  }

  void ordered(RunOrder order, RunState state) {
    if (tracing.equals(Tracing.OFF)
        || order.trace() == null
        || !(state instanceof RunState.Going)) {
      return;
    }
    open.computeIfAbsent(
        order.runId(),
        _ ->
            tracing
                .begin("instance run", order.trace())
                .tag("flotilla.task", order.task())
                .tag("flotilla.instance", order.instance())
                .tag("flotilla.adopted", order.mayExist()));
  }

  void ended(RunOrder order, RunState state) {
    Tracing.Span span = open.remove(order.runId());
    if (span != null) {
      boolean good = state instanceof RunState.Succeeded;
      span.end(good ? null : state.getClass().getSimpleName());
    }
  }

  /// The links go elsewhere, and the runs with them.
  void close() {
    open.values().forEach(span -> span.end("the link went elsewhere"));
    open.clear();
  }
}
