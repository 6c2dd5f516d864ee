package dev.flotilla.gateway.dialect.chat;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.dialect.chat.ClientMessage.Request;
import dev.flotilla.gateway.session.Line;
import dev.flotilla.gateway.session.Refusal;
import dev.flotilla.identity.Ids;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What one session is told besides events.
record Outbox(Line line) {

  void send(String topic, @Nullable String reqId, ServerPayload data) {
    line.send(ServerMessage.of(topic, reqId, now(), data).encode());
  }

  void say(@Nullable String reqId, ServerPayload data) {
    send(ServerMessage.SYSTEM, reqId, data);
  }

  void refuse(@Nullable String reqId, Fault fault) {
    refuse(reqId, Refusal.of(fault, newId()));
  }

  /// @param request that is refused
  /// @param correlationId under which the logs have it
  void refuse(@Nullable String reqId, Request request, Fault fault, String correlationId) {
    refuse(reqId, Refusal.of(fault, correlationId).about(request.type(), request.topic()));
  }

  private void refuse(@Nullable String reqId, Refusal refusal) {
    ServerPayload data = ServerPayload.Refusal.of(refusal.fault(), refusal.correlationId());
    line.refuse(ServerMessage.of(ServerMessage.SYSTEM, reqId, now(), data).encode(), refusal);
  }

  String newId() {
    return Ids.next(line.edge().clock());
  }

  private Instant now() {
    return line.edge().now();
  }
}
