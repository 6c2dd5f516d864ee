package dev.flotilla.gateway.dialect.dashboard;

import dev.flotilla.contract.Topic;
import dev.flotilla.contract.TopicFamily;
import dev.flotilla.identity.Principal;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a dashboard subscribes to. Each stands for whole families of topics, which no other one
/// has: so an event belongs to one of them at most.
enum DashboardSubscription {
  /// Agents, and the instances where they run.
  AGENTS("agents", "agent_update", TopicFamily.AGENTS, TopicFamily.INSTANCES),
  /// Who is there, and how busy the instances are.
  COORDINATION("coordination", "coordination_update", TopicFamily.PRESENCE, TopicFamily.HEARTBEAT),
  TASKS("tasks", "task_update", TopicFamily.TASKS),
  /// Notices of the system, and the health of its parts.
  SYSTEM("system", "system_update", TopicFamily.SYSTEM, TopicFamily.HEALTH),
  ALERTS("alerts", "critical_alert", TopicFamily.ALERTS);

  /// What a session has from the start, as far as its principal may.
  static final List<DashboardSubscription> DEFAULTS = List.of(AGENTS, COORDINATION, TASKS, SYSTEM);

  private static final Map<String, DashboardSubscription> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toMap(DashboardSubscription::wireName, Function.identity()));

  private final String wireName;
  private final String updateType;
  private final Set<TopicFamily> families;

  DashboardSubscription(String wireName, String updateType, TopicFamily... families) {
    this.wireName = wireName;
    this.updateType = updateType;
    this.families = Set.of(families);
  }

  static Optional<DashboardSubscription> named(String wireName) {
    return Optional.ofNullable(BY_NAME.get(wireName));
  }

  /// The one that an event on these topics belongs to, null where a dashboard does not get it.
  static @Nullable DashboardSubscription carrying(List<Topic> topics) {
    for (Topic topic : topics) {
      TopicFamily family = topic.family();
      for (DashboardSubscription subscription : values()) {
        if (subscription.families.contains(family)) {
          return subscription;
        }
      }
    }
    return null;
  }

  /// How many topics all of them together have.
  static int topicsOfAll() {
    return Arrays.stream(values()).mapToInt(subscription -> subscription.families.size()).sum();
  }

  String wireName() {
    return wireName;
  }

  /// The type of the messages that bring its events.
  String updateType() {
    return updateType;
  }

  /// Those of its topics that the principal may have. None means that it may not subscribe.
  List<String> topics(Principal principal) {
    return families.stream()
        .filter(family -> principal.may(family.scope()))
        .map(TopicFamily::wireName)
        .toList();
  }

  List<String> topics() {
    return families.stream().map(TopicFamily::wireName).toList();
  }

  /// True where a session with these topics gets events of it.
  boolean isIn(Collection<String> topics) {
    return families.stream().anyMatch(family -> topics.contains(family.wireName()));
  }
}
