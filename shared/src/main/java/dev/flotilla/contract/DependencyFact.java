package dev.flotilla.contract;

import dev.flotilla.identity.DependencyId;
import dev.flotilla.identity.ItemId;
import java.util.List;

/// What happened to a dependency. Durable. Subscribers of both items hear it, and those of their
/// projects and sprints.
public sealed interface DependencyFact extends WorkFact {

  /// @param places where the two items are
  record Created(Dependency dependency, List<ItemPlace> places) implements DependencyFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(places);
    }
  }

  record Deleted(
      DependencyId dependencyId,
      ItemId blockingItemId,
      ItemId blockedItemId,
      List<ItemPlace> places)
      implements DependencyFact {
    @Override
    public List<Topic> topics() {
      return topicsOf(places);
    }
  }

  private static List<Topic> topicsOf(List<ItemPlace> places) {
    return places.stream().flatMap(place -> place.topics().stream()).distinct().toList();
  }
}
