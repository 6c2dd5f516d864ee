package dev.flotilla.contract;

import dev.flotilla.identity.DependencyId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.UserId;
import java.time.Instant;

/// One work item that must wait for another.
///
/// @param blockingItemId what must be done first
/// @param blockedItemId what waits for it
public record Dependency(
    DependencyId id,
    ItemId blockingItemId,
    ItemId blockedItemId,
    DependencyType dependencyType,
    Instant createdAt,
    UserId createdBy)
    implements WorkResult {}
