package dev.flotilla.gateway.dialect.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import org.jspecify.annotations.Nullable;

/// What a client sends. Whatever it sends is one of these.
public sealed interface ClientFrame {

  /// @param token null where the upgrade request carried it
  /// @param client name and version of the client, for logs
  record Connect(
      String id, int minProtocol, int maxProtocol, @Nullable String token, @Nullable String client)
      implements ClientFrame {}

  /// @param trace the `traceparent` of what the client does it for
  record Req(
      String id,
      String method,
      ObjectNode params,
      @Nullable String idempotencyKey,
      @Nullable String trace)
      implements ClientFrame {}

  /// A text that is no frame of the protocol.
  ///
  /// @param type the type that it claims to have
  record Malformed(@Nullable String type, Fault fault) implements ClientFrame {}
}
