package dev.flotilla.contract;

import dev.flotilla.identity.CommentId;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A comment on a work item.
///
/// @param updatedAt null until it is edited
/// @param revision rises with every change; null from sources outside
public record Comment(
    CommentId id,
    ItemId workItemId,
    String content,
    Instant createdAt,
    UserId createdBy,
    @Nullable Instant updatedAt,
    @Nullable Long revision)
    implements WorkResult {}
