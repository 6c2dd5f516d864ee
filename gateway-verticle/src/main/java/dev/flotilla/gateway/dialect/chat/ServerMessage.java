package dev.flotilla.gateway.dialect.chat;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.gateway.wire.Frame;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A message of the server with its envelope.
///
/// @param reqId of the request that it answers or, for an event, of the message that it is about
/// @param ts when it was sent or, for an event, when it happened
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record ServerMessage(
    int v, String type, String topic, @Nullable String reqId, Instant ts, ServerPayload data) {
  static final String SYSTEM = "system";

  static ServerMessage of(String topic, @Nullable String reqId, Instant ts, ServerPayload data) {
    return new ServerMessage(MessageDecoder.VERSION, data.type(), topic, reqId, ts, data);
  }

  Frame encode() {
    return Frame.text(this);
  }
}
