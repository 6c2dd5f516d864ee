package dev.flotilla.registry.routing;

import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAsk;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Routing decisions in words, for operators and for owners of tasks that wait.
final class Words {
  private Words() {}

  static String of(Place place, Standing standing, RouteAsk ask) {
    return switch (standing) {
      case UNREADY, EJECTED, LAST_RESORT -> standing.words() + "; it is " + state(place);
      case LACKS -> standing.words() + ": " + missing(place, ask);
      default -> standing.words();
    };
  }

  private static Set<String> missing(Place place, RouteAsk ask) {
    Set<String> missing = new TreeSet<>(ask.capabilities());
    missing.removeAll(place.offers());
    return missing;
  }

  /// Why there is no candidate, in words for the task's owner.
  static String whyNone(RouteAsk ask, Judge judge, Pool pool) {
    Place home = judge.home();
    if (home != null) {
      Duration left = judge.patienceLeft();
      String until = left == null ? "" : "; it moves on in " + left.toSeconds() + " s";
      return "the instance that holds this conversation is " + state(home) + until;
    }
    List<Place> usable = pool.places();
    if (usable.isEmpty()) {
      return "no instance is registered for this tenant";
    }
    List<Place> ready = usable.stream().filter(place -> place.slots() > 0).toList();
    if (ready.isEmpty()) {
      return usable.size() == 1
          ? "the only instance is " + state(usable.getFirst())
          : "none of " + usable.size() + " instances is ready";
    }
    for (String need : ask.capabilities()) {
      if (ready.stream().noneMatch(place -> place.offers().contains(need))) {
        return "no ready instance has the capability '" + need + "'";
      }
    }
    return ready.stream().anyMatch(place -> place.offers().containsAll(ask.capabilities()))
        ? "the tenant's routing policy excludes every instance that could take it"
        : "no ready instance has all of the capabilities " + ask.capabilities();
  }

  private static String state(Place place) {
    InstanceReport report = place.report();
    return report == null
        ? "not watched by any node"
        : report.state().wireName() + ": " + report.reason();
  }
}
