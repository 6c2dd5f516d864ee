package dev.flotilla.registry.daemon;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.contract.LinkView;
import dev.flotilla.dispatch.LocalReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.registry.link.Observation;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// What the nodes of all hosts tell of their gateways: it explains what a link sees from outside.
public final class LocalView {
  private record Arrival(LocalReport report, Instant at) {}

  private final Map<InstanceId, Arrival> newest = new HashMap<>();
  private final Duration limit;
  private final Clock clock;

  /// @param limit an older report counts no more: nobody looks after that gateway
  public LocalView(Duration limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  public void add(LocalReport report) {
    newest.put(report.instance(), new Arrival(report, clock.instant()));
  }

  /// What the link sees, with what its host knows of it.
  public Observation explain(InstanceId id, Observation seen) {
    Arrival arrival = newest.get(id);
    if (arrival == null || !arrival.at().plus(limit).isAfter(clock.instant())) {
      return seen;
    }
    boolean away = seen.state() == InstanceState.DOWN;
    String words = arrival.report().words();
    return switch (arrival.report().course()) {
      case STARTING -> away ? as(seen, InstanceState.STARTING, words, LinkStatus.RESTARTING) : seen;
      case FAILED -> away ? as(seen, InstanceState.DOWN, words, seen.link().status()) : seen;
      // What has ended again and again gets no work before it has held out for a while.
      case CRASH_LOOP ->
          as(
              seen,
              seen.state() == InstanceState.READY ? InstanceState.DEGRADED : InstanceState.DOWN,
              words,
              LinkStatus.CRASH_LOOP);
      case FINE -> seen;
    };
  }

  private static Observation as(
      Observation seen, InstanceState state, String words, LinkStatus status) {
    return new Observation(
        state,
        words,
        seen.since(),
        seen.version(),
        seen.running(),
        new LinkView(status, seen.link().action()),
        seen.load());
  }
}
