package dev.flotilla.dispatch;

import dev.flotilla.identity.TaskId;

/// Tells the holder of the lease that the run has ended. It may be lost: the holder asks anyway.
public record RunEnded(TaskId task, String runId, RunState state) {}
