package dev.flotilla.command.instance;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.contract.InstanceLoad;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.Result.InstanceView;
import dev.flotilla.dispatch.Condition;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.fault.FaultException;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Joins what was asked of instances with how they are. A report that is too old, or missing, says
/// that nobody watches: the instance is then shown as down, with the reason.
public record InstanceViews(Bus bus, Clock clock, Duration reportLimit) {
  private static final Duration ASK_LIMIT = Duration.ofSeconds(1);

  /// @param asking what a shared instance has used is its owner's to know
  List<InstanceView> merge(List<InstanceRow> rows, TenantId asking) {
    return rows.isEmpty() ? List.of() : merge(rows, reports(), asking);
  }

  public List<InstanceView> merge(
      List<InstanceRow> rows, Map<InstanceId, InstanceReport> reports, TenantId asking) {
    return rows.stream()
        .map(row -> view(row, reports.get(row.id()), row.tenant().equals(asking)))
        .toList();
  }

  /// An instance that was registered a moment ago.
  InstanceView fresh(InstanceRow row) {
    return view(
        row, InstanceState.STARTING, "the link is being made", row.createdAt(), null, false, null);
  }

  /// The newest report of every instance; none where no registry node answers.
  public Map<InstanceId, InstanceReport> reports() {
    Map<InstanceId, InstanceReport> newest = new HashMap<>();
    try {
      bus.ask(Addresses.INSTANCES, new Bell(), ASK_LIMIT)
          .await()
          .reports()
          .forEach(report -> newest.put(report.instance(), report));
    } catch (FaultException noRegistryNode) {
      // The views say so: nobody watches.
      return Map.of();
    }
    return newest;
  }

  private InstanceView view(InstanceRow row, @Nullable InstanceReport report, boolean owner) {
    Instant now = clock.instant();
    if (report == null) {
      return row.createdAt().plus(reportLimit).isAfter(now)
          ? fresh(row)
          : view(row, InstanceState.DOWN, "no node watches it", row.createdAt(), null, true, null);
    }
    InstanceLoad told = report.load();
    InstanceLoad load = told == null || owner ? told : told.withoutUsage();
    if (report.isStale(reportLimit, now)) {
      String reason = "no node watches it; was " + report.state().wireName();
      return view(row, InstanceState.DOWN, reason, report.observedAt(), report, true, load);
    }
    return view(row, report.state(), report.reason(), report.since(), report, false, load);
  }

  private static InstanceView view(
      InstanceRow row,
      InstanceState state,
      String reason,
      Instant since,
      @Nullable InstanceReport report,
      boolean stale,
      @Nullable InstanceLoad load) {
    Condition condition = report == null ? null : report.condition();
    return new InstanceView(
        row.id(),
        row.url(),
        row.shared(),
        row.region(),
        row.zone(),
        row.capabilities(),
        row.maxConcurrency(),
        row.revision(),
        state,
        reason,
        since,
        report == null ? null : report.owner(),
        report == null ? null : report.version(),
        report == null ? null : report.running(),
        report == null ? null : report.observedAt(),
        report == null ? null : report.link(),
        row.createdAt(),
        row.labels(),
        row.weight(),
        row.wish(),
        row.wishReason(),
        row.drainBy(),
        row.drainedAt(),
        report == null || stale ? null : Integer.valueOf(report.slots(row.maxConcurrency())),
        condition == null ? null : condition.latencyMs(),
        stale && report != null ? report.observedAt() : null,
        load);
  }
}
