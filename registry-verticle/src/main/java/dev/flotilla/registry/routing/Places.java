package dev.flotilla.registry.routing;

import dev.flotilla.dispatch.Condition;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.registry.instance.Instance;
import dev.flotilla.registry.instance.ReportView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the router needs of every instance, prepared once and kept until something changes.
public final class Places {
  /// Slow is who takes so many times as long as the middle of all, and longer than the floor.
  private static final double SLOW_TIMES = 3;

  private static final double SLOW_FLOOR_MS = 1_000;

  private final Supplier<Collection<Instance>> instances;
  private final ReportView view;
  private final Function<InstanceId, @Nullable NodeId> owner;
  private final Map<TenantId, Pool> pools = new HashMap<>();
  private @Nullable List<Place> all;

  public Places(
      Supplier<Collection<Instance>> instances,
      ReportView view,
      Function<InstanceId, @Nullable NodeId> owner) {
    this.instances = instances;
    this.view = view;
    this.owner = owner;
  }

  /// Something is not as it was.
  public void changed() {
    pools.clear();
    all = null;
  }

  public Pool of(TenantId tenant) {
    return pools.computeIfAbsent(tenant, asking -> Pool.of(asking, all()));
  }

  private List<Place> all() {
    List<Place> known = all;
    if (known != null) {
      return known;
    }
    double limit = slowFrom();
    List<Place> fresh = new ArrayList<>();
    for (Instance instance : instances.get()) {
      InstanceId id = instance.id();
      InstanceReport report = view.fresh(id);
      Double latency = latency(report);
      boolean slow = latency != null && latency > limit;
      fresh.add(Place.of(instance, owner.apply(id), report, view.lastHeard(id), slow));
    }
    all = fresh;
    return fresh;
  }

  private double slowFrom() {
    List<Double> latencies =
        instances.get().stream()
            .map(instance -> latency(view.fresh(instance.id())))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    double middle = latencies.isEmpty() ? 0 : latencies.get(latencies.size() / 2);
    return Math.max(SLOW_FLOOR_MS, SLOW_TIMES * middle);
  }

  private static @Nullable Double latency(@Nullable InstanceReport report) {
    Condition condition = report == null ? null : report.condition();
    return condition == null ? null : condition.latencyMs();
  }
}
