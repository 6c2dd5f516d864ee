package dev.flotilla.registry.instance;

import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The newest report of every instance, whoever owns its link. Age is counted from when a report
/// arrived here, so that clocks of other nodes do not matter.
public final class ReportView {
  private record Arrival(InstanceReport report, Instant at) {}

  private final Map<InstanceId, Arrival> newest = new HashMap<>();
  private final Duration limit;
  private final Clock clock;

  public ReportView(Duration limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /// @return true where it says something else than the one before, as far as routing goes
  public boolean add(InstanceReport report) {
    Arrival before = newest.put(report.instance(), new Arrival(report, clock.instant()));
    if (before == null) {
      return true;
    }
    InstanceReport was = before.report();
    return was.state() != report.state()
        || !was.owner().equals(report.owner())
        || was.slots(Integer.MAX_VALUE) != report.slots(Integer.MAX_VALUE);
  }

  /// When the last report came; null where none has.
  public @Nullable Instant lastHeard(InstanceId id) {
    Arrival arrival = newest.get(id);
    return arrival == null ? null : arrival.at();
  }

  public void keepOnly(Set<InstanceId> registered) {
    newest.keySet().retainAll(registered);
  }

  /// The last report, however old.
  public @Nullable InstanceReport last(InstanceId id) {
    Arrival arrival = newest.get(id);
    return arrival == null ? null : arrival.report();
  }

  /// The report, unless it is so old that nobody watches.
  public @Nullable InstanceReport fresh(InstanceId id) {
    Arrival arrival = newest.get(id);
    return arrival != null && arrival.at().plus(limit).isAfter(clock.instant())
        ? arrival.report()
        : null;
  }

  public List<InstanceReport> all() {
    return newest.values().stream().map(Arrival::report).toList();
  }
}
