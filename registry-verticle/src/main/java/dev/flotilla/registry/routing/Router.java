package dev.flotilla.registry.routing;

import dev.flotilla.cluster.Rendezvous;
import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.InstanceReport;
import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.instance.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Decides where a task could run. A pure function of what is registered and how it is.
///
/// The instance of an earlier attempt comes first. A task without a conversation goes on to the
/// instance that its tenant has an affinity to, then to the others, least loaded first. A
/// conversation has one home, where its history is, and waits for it.
public final class Router {
  /// How far above the average load an instance may be before its tenants go elsewhere.
  private static final double BOUND = 1.25;

  private Router() {}

  /// A registered instance and how it is.
  ///
  /// @param owner the node that holds the link, or should; null where no registry node lives
  /// @param report null where nobody has watched the instance lately
  public record Place(Instance instance, @Nullable NodeId owner, @Nullable InstanceReport report) {

    boolean ready() {
      return report != null && report.state() == InstanceState.READY;
    }

    int running() {
      return report == null ? 0 : report.running();
    }

    double load() {
      return (double) running() / instance.maxConcurrency();
    }
  }

  public static RouteAnswer route(RouteAsk ask, Collection<Place> places) {
    List<Place> usable =
        places.stream().filter(place -> place.instance().serves(ask.tenant())).toList();
    List<Place> order = new ArrayList<>();
    bound(ask, usable).ifPresent(order::add);
    List<Place> capable =
        usable.stream()
            .filter(place -> place.instance().capabilities().containsAll(ask.capabilities()))
            .toList();
    List<Place> able = capable.stream().filter(Place::ready).toList();
    Optional<Place> home = home(ask, capable);
    if (ask.session() != null) {
      home.filter(Place::ready).ifPresent(order::add);
    } else {
      preferred(ask, able).ifPresent(order::add);
      able.stream().sorted(Comparator.comparingDouble(Place::load)).forEach(order::add);
    }
    List<Candidate> candidates = distinct(order);
    return new RouteAnswer(candidates, candidates.isEmpty() ? whyNone(ask, usable, home) : null);
  }

  private static Optional<Place> bound(RouteAsk ask, List<Place> usable) {
    InstanceId wanted = ask.bound();
    return usable.stream().filter(place -> place.instance().id().equals(wanted)).findFirst();
  }

  /// Where a conversation is, however busy or well that instance is: it moves only when its
  /// instance leaves the fleet, or a better one joins.
  private static Optional<Place> home(RouteAsk ask, List<Place> capable) {
    String session = ask.session();
    return session == null ? Optional.empty() : ranked(ask, session, capable).findFirst();
  }

  /// A tenant stays on its instance up to the bound, which spreads the busy ones.
  private static Optional<Place> preferred(RouteAsk ask, List<Place> able) {
    double limit = boundedLoad(able);
    return ranked(ask, "", able)
        .filter(place -> place.running() < place.instance().maxConcurrency())
        .filter(place -> place.running() < Math.ceil(limit * place.instance().maxConcurrency()))
        .findFirst();
  }

  private static Stream<Place> ranked(RouteAsk ask, String session, List<Place> places) {
    String key = ask.tenant().value() + "/" + session;
    return Rendezvous.rank(key, places, place -> place.instance().id().value()).stream();
  }

  /// The load that no instance may exceed once one more task runs, as a share of its slots.
  private static double boundedLoad(List<Place> able) {
    int running = able.stream().mapToInt(Place::running).sum();
    int slots = able.stream().mapToInt(place -> place.instance().maxConcurrency()).sum();
    return slots == 0 ? 0 : BOUND * (running + 1) / slots;
  }

  private static List<Candidate> distinct(List<Place> order) {
    Set<InstanceId> seen = new HashSet<>();
    List<Candidate> candidates = new ArrayList<>();
    for (Place place : order) {
      NodeId holder = place.report() == null ? place.owner() : place.report().owner();
      if (holder != null && seen.add(place.instance().id())) {
        candidates.add(
            new Candidate(place.instance().id(), holder, place.instance().maxConcurrency()));
      }
    }
    return candidates;
  }

  private static String whyNone(RouteAsk ask, List<Place> usable, Optional<Place> home) {
    if (home.isPresent()) {
      return "the instance that holds this conversation is " + state(home.get());
    }
    if (usable.isEmpty()) {
      return "no instance is registered for this tenant";
    }
    List<Place> ready = usable.stream().filter(Place::ready).toList();
    if (ready.isEmpty()) {
      return usable.size() == 1
          ? "the only instance is " + state(usable.getFirst())
          : "none of " + usable.size() + " instances is ready";
    }
    for (String capability : ask.capabilities()) {
      if (ready.stream().noneMatch(has(capability))) {
        return "no ready instance has the capability '" + capability + "'";
      }
    }
    return "no ready instance has all of the capabilities " + ask.capabilities();
  }

  private static Predicate<Place> has(String capability) {
    return place -> place.instance().capabilities().contains(capability);
  }

  private static String state(Place place) {
    InstanceReport report = place.report();
    return report == null
        ? "not watched by any node"
        : report.state().wireName() + ": " + report.reason();
  }
}
