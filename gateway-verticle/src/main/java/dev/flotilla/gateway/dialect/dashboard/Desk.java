package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.config.FleetConfig.DialectLimits;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.session.EffectiveLimits;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Subscriptions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an admitted dashboard is subscribed to. The topics of the session are the only record of
/// it: so what a refreshed token takes away is away here, too.
final class Desk {
  private final Line line;
  private final int limit;

  Desk(Line line, int limit) {
    this.line = line;
    this.limit = limit;
  }

  /// Also while the log cannot be read: the events come when it can.
  Choice takeDefaults() {
    Choice choice =
        Choice.of(
            DashboardSubscription.DEFAULTS.stream().map(DashboardSubscription::wireName).toList(),
            Set.of(),
            line.principal(),
            limit);
    subscriptions().want(topics(choice.granted()));
    return choice;
  }

  Choice subscribe(Collection<String> names, @Nullable Position since) {
    Choice choice = Choice.of(names, subscribed(), line.principal(), limit);
    subscriptions().add(topics(choice.granted()), since);
    return choice;
  }

  Choice unsubscribe(Collection<String> names) {
    Choice choice = Choice.known(names);
    subscriptions()
        .remove(choice.granted().stream().flatMap(each -> each.topics().stream()).toList());
    return choice;
  }

  /// Names, sorted.
  List<String> held() {
    return names(subscribed());
  }

  ServerMessage connectionEstablished(Instant now, String correlationId) {
    return new ServerMessage.ConnectionEstablished(
        "connection_established",
        DashboardDialect.CONTRACT.currentVersion(),
        line.id(),
        line.edge().node().id(),
        line.principal().tenant(),
        line.principal().user(),
        held(),
        subscriptions().position(),
        now.toString(),
        correlationId);
  }

  ServerMessage dashboardInitialized(DialectLimits limits, Instant now, String correlationId) {
    return new ServerMessage.DashboardInitialized(
        "dashboard_initialized",
        DashboardDialect.CONTRACT.currentVersion(),
        held(),
        names(
            Arrays.stream(DashboardSubscription.values())
                .filter(each -> !each.topics(line.principal()).isEmpty())
                .toList()),
        DataFamily.names(),
        EffectiveLimits.of(limits, line.edge().config()),
        now.toString(),
        correlationId);
  }

  ServerMessage subscriptionUpdated(Instant now, String correlationId) {
    return new ServerMessage.SubscriptionUpdated(
        "subscription_updated",
        held(),
        subscriptions().position(),
        subscriptions().head(),
        now.toString(),
        correlationId);
  }

  /// @param before what it was subscribed to
  ServerMessage authRefreshed(
      Instant expiresAt, List<String> before, Instant now, String correlationId) {
    List<String> held = held();
    return new ServerMessage.AuthRefreshed(
        "auth_refreshed",
        expiresAt.toString(),
        held,
        before.stream().filter(name -> !held.contains(name)).toList(),
        now.toString(),
        correlationId);
  }

  private Set<DashboardSubscription> subscribed() {
    List<String> topics = subscriptions().names();
    Set<DashboardSubscription> subscribed = EnumSet.noneOf(DashboardSubscription.class);
    for (DashboardSubscription each : DashboardSubscription.values()) {
      if (each.isIn(topics)) {
        subscribed.add(each);
      }
    }
    return subscribed;
  }

  private List<String> topics(Collection<DashboardSubscription> wanted) {
    return wanted.stream().flatMap(each -> each.topics(line.principal()).stream()).toList();
  }

  private static List<String> names(Collection<DashboardSubscription> some) {
    return some.stream().map(DashboardSubscription::wireName).sorted().toList();
  }

  private Subscriptions subscriptions() {
    return line.subscriptions();
  }
}
