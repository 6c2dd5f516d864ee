package dev.flotilla.log;

import dev.flotilla.identity.TenantId;
import java.util.List;

/// Events of one tenant as they travel the bus: durable ones in seq order, with nothing missing
/// between them.
///
/// @param epoch names the log that the seqs belong to; it changes only when a log is reset;
///     empty where all events are ephemeral
public record EventBatch(TenantId tenant, String epoch, List<Event> events) {}
