package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import org.jspecify.annotations.Nullable;

/// One response frame. `agent` gets two of them for one request.
///
/// @param failure null where the response is ok
record Reply(JsonNode payload, @Nullable RpcFailure failure) {
  static Reply of(JsonNode frame) {
    return frame.path("ok").asBoolean()
        ? new Reply(frame.path("payload"), null)
        : failed(RpcFailure.of(frame.path("error")));
  }

  static Reply failed(RpcFailure failure) {
    return new Reply(MissingNode.getInstance(), failure);
  }
}
