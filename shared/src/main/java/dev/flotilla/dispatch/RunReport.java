package dev.flotilla.dispatch;

import dev.flotilla.contract.AgentStatus;
import dev.flotilla.identity.TaskId;
import org.jspecify.annotations.Nullable;

/// What a run is doing, as its instance shows it.
///
/// @param tool which tool it uses
public record RunReport(TaskId task, AgentStatus status, @Nullable String tool) {}
