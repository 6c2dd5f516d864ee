package dev.flotilla.gateway.session;

import java.time.Instant;
import java.util.List;

/// A session goes on with a new credential.
///
/// @param dropped topics and patterns that the new credential does not allow
public record Refreshed(Instant expiresAt, List<String> dropped) {}
