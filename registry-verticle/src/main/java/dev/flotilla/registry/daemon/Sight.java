package dev.flotilla.registry.daemon;

import org.jspecify.annotations.Nullable;

/// What a look at the host has shown.
///
/// @param listens whether somebody listens on the gateway's port
/// @param runs whether the program that this node has started still runs
/// @param failure how that program has ended; null while it runs, where there is none, and where it
///   ended well: then it may have been one that only tells a supervisor to start the gateway
record Sight(boolean listens, boolean runs, @Nullable String failure) {}
