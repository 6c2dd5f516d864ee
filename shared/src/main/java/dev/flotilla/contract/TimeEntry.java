package dev.flotilla.contract;

import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TimeEntryId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Time that a user spends, or has spent, on a work item.
///
/// @param endedAt null while the timer runs, as is the duration
/// @param revision rises with every change; null from sources outside
public record TimeEntry(
    TimeEntryId id,
    ItemId workItemId,
    UserId userId,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Long durationSeconds,
    @Nullable String description,
    Instant createdAt,
    @Nullable Long revision)
    implements WorkResult {}
