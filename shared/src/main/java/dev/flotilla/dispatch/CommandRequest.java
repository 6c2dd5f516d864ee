package dev.flotilla.dispatch;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.identity.Principal;
import dev.flotilla.wire.RawJson;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A command on its way from the edge to a command node.
///
/// @param params as the client sent them, not yet validated
/// @param idempotencyKey the client's own, required where the command changes state
/// @param trace the `traceparent` of what it is part of
public record CommandRequest(
    CommandKind kind,
    RawJson params,
    Principal principal,
    @Nullable String idempotencyKey,
    String correlationId,
    @Nullable String trace) {

  public CommandRequest(
      CommandKind kind,
      RawJson params,
      Principal principal,
      @Nullable String idempotencyKey,
      String correlationId) {
    this(kind, params, principal, idempotencyKey, correlationId, null);
  }

  public CommandRequest traced(@Nullable String other) {
    return Objects.equals(trace, other)
        ? this
        : new CommandRequest(kind, params, principal, idempotencyKey, correlationId, other);
  }
}
