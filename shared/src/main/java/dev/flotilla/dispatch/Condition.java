package dev.flotilla.dispatch;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What an instance can take, and what the next owner of its link has to know of its past.
///
/// @param slots runs that it would take now, of all that it has; 0 while it takes nothing
/// @param latencyMs how long it takes to begin a run, smoothed; null before the first one
/// @param ejections how often in a row it was ejected
/// @param ejectedUntil while it is ejected, or would be if its pool could spare it
/// @param recoveringSince while it takes less than it could because it has just come back
public record Condition(
    int slots,
    @Nullable Double latencyMs,
    int ejections,
    @Nullable Instant ejectedUntil,
    @Nullable Instant recoveringSince) {}
