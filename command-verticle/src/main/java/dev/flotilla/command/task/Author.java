package dev.flotilla.command.task;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Who creates tasks, and when.
///
/// @param trace the `traceparent` of what they do it for
public record Author(
    TenantId tenant,
    String user,
    @Nullable String correlationId,
    Instant at,
    @Nullable String trace) {

  public static Author of(CommandContext context) {
    return new Author(
        context.tenant(),
        context.principal().user().value(),
        context.correlationId(),
        context.now(),
        context.trace());
  }
}
