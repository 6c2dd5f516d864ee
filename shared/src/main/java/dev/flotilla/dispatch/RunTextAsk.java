package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;

/// Asks what a run has said so far.
///
/// @param attempt fencing number of the task's lease, as the asker knows it
/// @param sessionKey the conversation on the instance, for an owner that has not heard of the run
public record RunTextAsk(InstanceId instance, String runId, int attempt, String sessionKey) {}
