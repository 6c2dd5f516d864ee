package dev.flotilla.dispatch;

import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// "Make sure that this run goes on, and tell me how it is." Sent to start a run, to ask after it,
/// and to take it over after a crash: repeating it is always harmless.
///
/// @param attempt fencing number of the lease under which it is sent
/// @param runId the key of the run on the instance; attempts that go on with the same run share it
/// @param session the conversation that the task names
/// @param sessionKey the conversation on the instance
/// @param mayExist true where the run may have been started before, by whomever
/// @param timeoutMs how long the run may take
/// @param holder the node that holds the lease and wants to know the end
/// @param trace the `traceparent` of what the run is part of
public record RunOrder(
    TaskId task,
    TenantId tenant,
    InstanceId instance,
    int attempt,
    String runId,
    @Nullable String session,
    String sessionKey,
    String prompt,
    boolean mayExist,
    long timeoutMs,
    NodeId holder,
    @Nullable String correlationId,
    @Nullable String trace) {

  public RunOrder(
      TaskId task,
      TenantId tenant,
      InstanceId instance,
      int attempt,
      String runId,
      @Nullable String session,
      String sessionKey,
      String prompt,
      boolean mayExist,
      long timeoutMs,
      NodeId holder,
      @Nullable String correlationId) {
    this(
        task,
        tenant,
        instance,
        attempt,
        runId,
        session,
        sessionKey,
        prompt,
        mayExist,
        timeoutMs,
        holder,
        correlationId,
        null);
  }
}
