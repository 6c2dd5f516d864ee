package dev.flotilla.registry.health;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.identity.InstanceId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/// How many of a pool may be ejected: at most half of it, whoever owns the links.
///
/// Two owners may eject at the same moment and together go too far. So each looks again on every
/// tick, and all agree on who came first: the others take work again, one run at a time.
public final class Pools {
  private Pools() {}

  /// @param size how many instances the pool has
  /// @param reports of the pool's instances, as far as they are known
  public static boolean canSpare(
      InstanceId instance, int size, Collection<InstanceReport> reports) {
    List<InstanceId> out =
        reports.stream()
            .filter(report -> report.state() == InstanceState.EJECTED)
            .sorted(
                Comparator.comparing(InstanceReport::since)
                    .thenComparing(report -> report.instance().value()))
            .map(InstanceReport::instance)
            .toList();
    int place = out.indexOf(instance);
    return (place < 0 ? out.size() : place) < size / 2;
  }
}
