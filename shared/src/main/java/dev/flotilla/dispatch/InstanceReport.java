package dev.flotilla.dispatch;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How an instance is, as the owner of its link observes it. Repeated every second or two, so that
/// an old one says that nobody watches.
///
/// @param reason in words for the operator
/// @param since when the state began
/// @param running runs of the fleet that the link carries
public record InstanceReport(
    InstanceId instance,
    InstanceState state,
    String reason,
    Instant since,
    NodeId owner,
    @Nullable String version,
    int running,
    Instant observedAt) {}
