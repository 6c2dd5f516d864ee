package dev.flotilla.registry.routing;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.dispatch.RouteAsk;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Says of each instance whether it could take one task, and why. Where the task's conversation is
/// is found out once, at the beginning.
final class Judge {
  private final RouteAsk ask;
  private final Policy policy;
  private final List<String> needs;
  private final @Nullable Place home;
  private final boolean settled;
  private final @Nullable Duration patienceLeft;

  Judge(RouteAsk ask, Policy policy, Rules rules, Pool pool, Instant now) {
    this.ask = ask;
    this.policy = policy;
    this.needs = ask.capabilities();
    this.home = home(pool);
    this.patienceLeft = home == null ? null : patienceLeft(home, rules.sessionPatience(), now);
    this.settled = home != null && (home.slots() > 0 || patienceLeft != null);
  }

  private @Nullable Place home(Pool pool) {
    if (ask.session() == null || ask.home() == null) {
      return null;
    }
    Place found = pool.find(ask.home());
    return found == null || barred(found) != null ? null : found;
  }

  /// How long the conversation still waits for its home; null where it need not wait.
  private static @Nullable Duration patienceLeft(Place home, Duration patience, Instant now) {
    if (home.slots() > 0 || !home.instance().desired().serves()) {
      return null;
    }
    Instant since = home.report() == null ? home.heard() : home.report().since();
    if (since == null) {
      return patience;
    }
    Duration left = patience.minus(Duration.between(since, now));
    return left.isPositive() ? left : null;
  }

  Standing standing(Place place) {
    if (place.id().equals(ask.bound())) {
      return place.holder() == null ? Standing.OWNERLESS : Standing.BOUND;
    }
    Standing barred = barred(place);
    if (barred != null) {
      return barred;
    }
    if (place.report() == null) {
      return Standing.UNWATCHED;
    }
    boolean isHome = home != null && home.id().equals(place.id());
    if (settled && !isHome) {
      return Standing.AWAY;
    }
    if (place.slots() == 0) {
      return place.state() == InstanceState.EJECTED ? Standing.EJECTED : Standing.UNREADY;
    }
    return isHome ? Standing.HOME : nearness(place);
  }

  /// What keeps the task away from the instance however that is.
  private @Nullable Standing barred(Place place) {
    if (!place.instance().serves(ask.tenant())) {
      return Standing.HIDDEN;
    }
    if (!policy.sharedPool() && place.instance().shared()) {
      return Standing.DEDICATED_ONLY;
    }
    for (int i = 0; i < needs.size(); i++) {
      if (!place.offers().contains(needs.get(i))) {
        return Standing.LACKS;
      }
    }
    boolean foreign = policy.region() != null && !policy.region().equals(region(place));
    return foreign && !policy.otherRegions() ? Standing.FOREIGN : null;
  }

  private Standing nearness(Place place) {
    if (policy.region() != null && !policy.region().equals(region(place))) {
      return place.slow() ? Standing.SLOW_ELSEWHERE : Standing.ELSEWHERE;
    }
    if (place.slow()) {
      return Standing.SLOW;
    }
    return policy.zone() == null || policy.zone().equals(place.instance().desired().zone())
        ? Standing.NEAR
        : Standing.REGION;
  }

  private static @Nullable String region(Place place) {
    return place.instance().desired().region();
  }

  /// The instance that the conversation waits for, or goes on at.
  @Nullable Place home() {
    return settled ? home : null;
  }

  @Nullable Duration patienceLeft() {
    return patienceLeft;
  }
}
