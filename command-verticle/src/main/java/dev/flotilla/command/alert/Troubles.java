package dev.flotilla.command.alert;

import dev.flotilla.command.instance.InstanceRow;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.contract.LinkStatus;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds what is wrong: instances that are down for long, pools of which half is ejected, pools
/// that take nothing. What operators have cordoned or drained is wrong in no way.
///
/// @param downFor how long an instance may be down
/// @param stale a report older than this says that nobody watches
record Troubles(Duration downFor, Duration stale) {
  private static final String SHARED = "the shared pool";
  private static final String DEDICATED = "the tenant's own instances";

  List<Trouble> in(
      List<InstanceRow> instances, Map<InstanceId, InstanceReport> reports, Instant now) {
    List<Trouble> found = new ArrayList<>();
    List<InstanceRow> wanted =
        instances.stream().filter(each -> each.wish() == InstanceWish.SERVE).toList();
    for (InstanceRow each : wanted) {
      crashLoop(each, reports.get(each.id()), now).ifPresent(found::add);
      Instant since = downSince(each, reports.get(each.id()), now);
      if (since != null && !since.plus(downFor).isAfter(now)) {
        found.add(
            new Trouble(
                each.tenant(),
                "instance:" + each.id(),
                "Instance %s is down since %s: %s"
                    .formatted(each.id(), since, why(reports.get(each.id())))));
      }
    }
    pools(wanted).forEach((name, pool) -> look(name, pool, reports, now, found));
    return found;
  }

  /// It does not end by itself, so nobody has to wait for it to last.
  private Optional<Trouble> crashLoop(
      InstanceRow row, @Nullable InstanceReport report, Instant now) {
    return report != null
            && !report.isStale(stale, now)
            && report.link() != null
            && report.link().status() == LinkStatus.CRASH_LOOP
        ? Optional.of(
            new Trouble(
                row.tenant(),
                "crash:" + row.id(),
                "Instance %s ends again and again: %s".formatted(row.id(), report.reason())))
        : Optional.empty();
  }

  private @Nullable Instant downSince(
      InstanceRow row, @Nullable InstanceReport report, Instant now) {
    if (report == null) {
      return row.createdAt().plus(stale).isAfter(now) ? null : row.createdAt();
    }
    if (report.isStale(stale, now)) {
      return report.observedAt();
    }
    return report.state() == InstanceState.DOWN ? report.since() : null;
  }

  private static String why(@Nullable InstanceReport report) {
    return report == null ? "no node watches it" : report.reason();
  }

  /// The shared instances are one pool, the dedicated ones of each tenant another.
  private static Map<String, List<InstanceRow>> pools(List<InstanceRow> instances) {
    return instances.stream()
        .collect(
            Collectors.groupingBy(
                each -> each.shared() ? SHARED : DEDICATED + "|" + each.tenant(),
                LinkedHashMap::new,
                Collectors.toList()));
  }

  private void look(
      String key,
      List<InstanceRow> pool,
      Map<InstanceId, InstanceReport> reports,
      Instant now,
      List<Trouble> found) {
    String name = key.equals(SHARED) ? SHARED : DEDICATED;
    Set<TenantId> owners =
        pool.stream().map(InstanceRow::tenant).collect(Collectors.toUnmodifiableSet());
    long ejected =
        pool.stream()
            .map(each -> reports.get(each.id()))
            .filter(report -> report != null && report.state() == InstanceState.EJECTED)
            .count();
    if (ejected > 0 && ejected * 2 >= pool.size()) {
      String words = "%d of %d instances of %s are ejected.".formatted(ejected, pool.size(), name);
      owners.forEach(owner -> found.add(new Trouble(owner, "ejected:" + name, words)));
    }
    if (pool.stream().allMatch(each -> takesNothing(each, reports.get(each.id()), now))) {
      String words = "No instance of %s takes work.".formatted(name);
      owners.forEach(owner -> found.add(new Trouble(owner, "capacity:" + name, words)));
    }
  }

  private boolean takesNothing(InstanceRow row, @Nullable InstanceReport report, Instant now) {
    // Links move and instances restart; but a pool without capacity matters sooner than one of
    // many.
    Instant limit = now.minus(downFor.dividedBy(2));
    if (report == null) {
      return row.createdAt().isBefore(limit);
    }
    boolean old = report.isStale(stale, now);
    return old || (report.slots(row.maxConcurrency()) == 0 && report.since().isBefore(limit));
  }
}
