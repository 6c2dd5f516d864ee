package dev.flotilla.log;

import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Topic;
import dev.flotilla.identity.Ids;
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
  /// As much of a hash as tells events apart.
  private static final int ID_LENGTH = 32;

  public static Event of(
      @Nullable Long seq,
      Fact fact,
      Instant at,
      @Nullable String actor,
      @Nullable String correlationId) {
    return new Event(seq, fact.kind(), fact.topics(), at, actor, correlationId, RawJson.of(fact));
  }

  /// Ties it to log lines: the correlation id of its cause, or where it has none an id of its own
  /// that is the same on every node.
  ///
  /// @param epoch of the log that its seq belongs to
  public String traceId(String epoch) {
    if (correlationId != null) {
      return correlationId;
    }
    String id =
        seq == null ? Ids.sha256(at.toString(), payload.text()) : Ids.sha256(epoch, seq.toString());
    return id.substring(0, ID_LENGTH);
  }

  /// The same event at its place in the log.
  public Event at(long position) {
    return new Event(position, kind, topics, at, actor, correlationId, payload);
  }

  public Fact fact() {
    return payload.as(kind.payload());
  }
}
