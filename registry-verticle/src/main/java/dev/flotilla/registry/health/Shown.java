package dev.flotilla.registry.health;

import dev.flotilla.contract.InstanceState;
import java.time.Instant;

/// The state that everybody is told.
///
/// @param reason in words for the operator
/// @param slots runs that the instance would take now
public record Shown(InstanceState state, String reason, Instant since, int slots) {}
