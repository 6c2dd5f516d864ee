package dev.flotilla.log;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact on its way to the subscribers of one tenant.
///
/// @param seq position in the tenant's log, from 1 without holes; null for ephemeral events
/// @param actor the user whose command caused it, where there is one
/// @param payload the [Fact] as JSON, encoded once where it arose
public record Event(
    @Nullable Long seq,
    EventKind kind,
    List<Topic> topics,
    Instant at,
    @Nullable String actor,
    @Nullable String correlationId,
    RawJson payload) {

  public static Event of(
      @Nullable Long seq,
      Fact fact,
      Instant at,
      @Nullable String actor,
      @Nullable String correlationId) {
    return new Event(seq, fact.kind(), fact.topics(), at, actor, correlationId, RawJson.of(fact));
  }

  /// The same event at its place in the log.
  public Event at(long position) {
    return new Event(position, kind, topics, at, actor, correlationId, payload);
  }

  public Fact fact() {
    return payload.as(kind.payload());
  }
}
