package dev.flotilla.contract;

import com.fasterxml.jackson.annotation.JsonIgnore;

/// What happened to the tracked work of a tenant. Who caused it is the event's actor.
public sealed interface WorkFact extends Fact
    permits ProjectFact, ItemFact, SprintFact, CommentFact, TimeFact, DependencyFact, PeopleFact {

  @Override
  @JsonIgnore
  default EventKind kind() {
    return EventKind.of(getClass());
  }
}
