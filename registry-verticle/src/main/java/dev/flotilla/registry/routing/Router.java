package dev.flotilla.registry.routing;

import dev.flotilla.dispatch.RouteAnswer;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.dispatch.RouteAsk;
import dev.flotilla.dispatch.RouteReasons;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.registry.routing.Nearest.Choice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides where a task could run. A pure function of what is registered and how it is.
///
/// Candidates come in the order of their [Standing]; inside one, in the order of the ring: the
/// instance that the tenant, or the conversation, has an affinity to comes first. How many runs
/// each has is not looked at here: the queue, which knows it exactly, takes the first candidate
/// that keeps the bound of its group's load.
public record Router(Rules rules) {
  /// As many candidates as one answer has.
  static final int LIMIT = 32;

  public RouteAnswer route(RouteAsk ask, Policy policy, Pool pool, Instant now) {
    Judge judge = new Judge(ask, policy, rules, pool, now);
    Nearest nearest = rank(ask, judge, pool, ask.skip() + LIMIT);
    List<Choice> best = nearest.bestFirst();
    List<Candidate> candidates = new ArrayList<>(LIMIT);
    for (Choice choice : best.subList(Math.min(ask.skip(), best.size()), best.size())) {
      NodeId holder = choice.place().holder();
      if (holder != null) {
        candidates.add(candidate(choice, holder));
      }
    }
    return new RouteAnswer(
        candidates,
        candidates.isEmpty() ? Words.whyNone(ask, judge, pool) : null,
        nearest.seen() > ask.skip() + LIMIT);
  }

  private Nearest rank(RouteAsk ask, Judge judge, Pool pool, int size) {
    Nearest nearest = new Nearest(size);
    List<Place> ejected = new ArrayList<>();
    long key = key(ask);
    int usable = 0;
    for (Place place : pool.places()) {
      Standing standing = judge.standing(place);
      if (standing.candidate()) {
        nearest.offer(place, standing, distance(key, place));
      } else if (standing == Standing.EJECTED) {
        ejected.add(place);
      }
      usable += standing.usable() ? 1 : 0;
    }
    // Where too few of those that the tenant may use take work, the ejected ones have to help.
    if (judge.home() == null && nearest.seen() * 100 < rules.panicPercent() * usable) {
      for (Place place : ejected) {
        nearest.offer(place, Standing.LAST_RESORT, distance(key, place));
      }
    }
    return nearest;
  }

  private static double distance(long key, Place place) {
    return Ring.distance(key, place.hash(), place.instance().desired().weight());
  }

  private static long key(RouteAsk ask) {
    String session = ask.session();
    return Ring.hash(ask.tenant().value() + (session == null ? "" : "/" + session));
  }

  private static Candidate candidate(Choice choice, NodeId holder) {
    Place place = choice.place();
    int slots = slots(choice.standing(), place);
    return new Candidate(
        place.id(),
        holder,
        slots,
        choice.standing().group(),
        slots * place.instance().desired().weight());
  }

  /// What says that it takes nothing may be asked all the same: where a run of the task is, and
  /// where nobody else is left.
  private static int slots(Standing standing, Place place) {
    return switch (standing) {
      case BOUND, LAST_RESORT -> place.instance().maxConcurrency();
      default -> place.slots();
    };
  }

  /// The same decision with the reason for or against each of the tenant's instances.
  public RouteReasons explain(RouteAsk ask, Policy policy, Pool pool, Instant now) {
    Judge judge = new Judge(ask, policy, rules, pool, now);
    List<RouteReasons.Reason> reasons = new ArrayList<>();
    List<Choice> best = rank(ask, judge, pool, pool.places().size() + 1).bestFirst();
    for (Choice choice : best) {
      reasons.add(reason(choice.place(), choice.standing(), reasons.size() + 1, ask));
    }
    Set<InstanceId> ranked = new HashSet<>();
    best.forEach(choice -> ranked.add(choice.place().id()));
    for (Place place : pool.places()) {
      Standing standing = judge.standing(place);
      if (!ranked.contains(place.id())) {
        reasons.add(reason(place, standing, null, ask));
      }
    }
    return new RouteReasons(reasons, best.isEmpty() ? Words.whyNone(ask, judge, pool) : null);
  }

  private static RouteReasons.Reason reason(
      Place place, Standing standing, @Nullable Integer rank, RouteAsk ask) {
    return new RouteReasons.Reason(
        place.id(),
        rank,
        rank == null ? null : Integer.valueOf(standing.group()),
        place.state(),
        rank == null ? place.slots() : slots(standing, place),
        place.running(),
        Words.of(place, standing, ask));
  }
}
