package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.TaskId;

/// Ends a run on its instance.
public record RunCancel(TaskId task, InstanceId instance, String runId, String sessionKey) {}
