package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Principal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What of the subscriptions that a client named it gets, and what it does not get and why. What is
/// wrong with one name changes nothing for the others.
record Choice(Set<DashboardSubscription> granted, List<Refused> refused) {

  /// @param names as the client gave them
  record Refused(Fault fault, List<String> names) {}

  /// @param held what the session has already
  static Choice of(
      Collection<String> names, Set<DashboardSubscription> held, Principal principal, int limit) {
    Choice known = known(names);
    Choice choice = new Choice(EnumSet.noneOf(DashboardSubscription.class), known.refused);
    List<String> tooMany = new ArrayList<>();
    int room = limit - held.size();
    for (DashboardSubscription wanted : known.granted) {
      if (wanted.topics(principal).isEmpty()) {
        choice.refused.add(
            new Refused(
                Fault.of(
                    Reason.MISSING_SCOPE,
                    "The subscription '" + wanted.wireName() + "' needs a scope that is missing."),
                List.of(wanted.wireName())));
      } else if (held.contains(wanted) || room-- > 0) {
        choice.granted.add(wanted);
      } else {
        tooMany.add(wanted.wireName());
      }
    }
    if (!tooMany.isEmpty()) {
      choice.refused.add(
          new Refused(
              new Fault(
                  Reason.SUBSCRIPTION_LIMIT,
                  "A session has at most " + limit + " subscriptions.",
                  "subscriptions",
                  null),
              tooMany));
    }
    return choice;
  }

  /// Those that exist.
  static Choice known(Collection<String> names) {
    Choice choice = new Choice(EnumSet.noneOf(DashboardSubscription.class), new ArrayList<>());
    List<String> unknown = new ArrayList<>();
    for (String name : names) {
      DashboardSubscription.named(name)
          .ifPresentOrElse(choice.granted::add, () -> unknown.add(Shown.of(name)));
    }
    if (!unknown.isEmpty()) {
      choice.refused.add(
          new Refused(
              new Fault(
                  Reason.UNKNOWN_SUBSCRIPTION,
                  "There is no subscription " + String.join(", ", unknown) + ".",
                  "subscriptions",
                  null),
              unknown));
    }
    return choice;
  }
}
