package dev.flotilla.contract;

import dev.flotilla.identity.ProjectId;
import dev.flotilla.identity.SprintId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A sprint as its tenant sees it.
///
/// @param startDate when it began, or is planned to
/// @param revision rises with every change; null from sources outside
/// @param endDate when it ended, or is planned to
public record Sprint(
    SprintId id,
    ProjectId projectId,
    String name,
    @Nullable String goal,
    SprintStatus status,
    @Nullable Instant startDate,
    @Nullable Instant endDate,
    Instant createdAt,
    UserId createdBy,
    Instant updatedAt,
    UserId updatedBy,
    @Nullable Long revision)
    implements WorkResult {}
