package dev.flotilla.gateway.dialect.work;

import dev.flotilla.contract.Fact;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.identity.Ids;
import dev.flotilla.log.Event;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.time.Clock;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Events to bytes: once per event and node, for all its sessions.
public final class WorkEvents {
  private final Clock clock;

  public WorkEvents(Clock clock) {
    this.clock = clock;
  }

  /// A whole `WebSocketMessage`, or null where the dialect does not carry the fact.
  ///
  /// @param epoch of the log that the event's seq belongs to
  public byte @Nullable [] encode(Event event, String epoch) {
    WebSocketMessage.Builder envelope = WebSocketMessage.newBuilder();
    Payloads payloads = new Payloads(envelope, Objects.requireNonNullElse(event.actor(), ""));
    switch (event.fact()) {
      case WorkFact work -> payloads.put(work);
      case Fact.PresenceChanged presence -> payloads.put(presence);
      case Fact.TaskChanged _,
          Fact.TaskOutput _,
          Fact.InstanceChanged _,
          Fact.AgentChanged _,
          Fact.HealthChanged _,
          Fact.Heartbeat _,
          Fact.Custom _,
          Fact.AlertRaised _,
          Fact.SystemAnnounced _ -> {
        return null;
      }
    }
    address(envelope, event, epoch);
    return envelope.build().toByteArray();
  }

  /// A durable event is named by its place, so that it has the same name on every node and however
  /// often it is sent.
  private void address(WebSocketMessage.Builder envelope, Event event, String epoch) {
    Long seq = event.seq();
    if (seq == null) {
      envelope.setMessageId(Ids.next(clock));
    } else {
      envelope
          .setMessageId(seq + "@" + epoch)
          .setPosition(Position.newBuilder().setEpoch(epoch).setSeq(seq));
    }
    envelope.setTimestamp(Things.seconds(event.at()));
    Things.ifThere(event.correlationId(), envelope::setCorrelationId);
  }
}
