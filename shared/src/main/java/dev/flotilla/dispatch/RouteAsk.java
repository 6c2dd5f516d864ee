package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Asks where a task could run.
///
/// @param session the conversation to go on with, where the task names one
/// @param bound the instance where an earlier attempt of the task was started and may still run; it
///     comes first while it is registered, in whatever state it is
public record RouteAsk(
    TenantId tenant,
    @Nullable String session,
    List<String> capabilities,
    @Nullable InstanceId bound) {}
