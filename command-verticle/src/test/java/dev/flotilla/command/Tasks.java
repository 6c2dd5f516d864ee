package dev.flotilla.command;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Asking;
import dev.flotilla.command.task.queue.TaskQueue.Slot;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.TaskState;
import dev.flotilla.dispatch.RouteAnswer.Candidate;
import dev.flotilla.identity.InstanceId;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks for tests that need no database.
public final class Tasks {
  private Tasks() {}

  /// Asks for a slot for one task at one instance.
  ///
  /// @param max slots of the instance
  public static Slot slot(TaskQueue queue, TaskId task, NodeId node, InstanceId instance, int max) {
    List<Candidate> only = List.of(new Candidate(instance, node, max));
    return queue.choose(node, List.of(new Asking(task, only))).getFirst().slot();
  }

  public static TaskRow row(String id, String tenant, @Nullable String session) {
    return row(id, tenant, session, null);
  }

  /// In its first attempt.
  public static TaskRow running(String id) {
    return row(id, "acme", null, id + ".1");
  }

  /// One that waits, with all that matters to the queue.
  public static TaskRow waiting(
      long ordinal, String tenant, Priority priority, TaskRow.@Nullable KeyLimits limits) {
    return row("t" + ordinal, tenant, null, null, ordinal, priority, limits);
  }

  private static TaskRow row(
      String id, String tenant, @Nullable String session, @Nullable String run) {
    return row(id, tenant, session, run, 1, Priority.MEDIUM, null);
  }

  private static TaskRow row(
      String id,
      String tenant,
      @Nullable String session,
      @Nullable String run,
      long ordinal,
      Priority priority,
      TaskRow.@Nullable KeyLimits limits) {
    return new TaskRow(
        new TaskId(id),
        new TenantId(tenant),
        ordinal,
        run == null ? TaskState.PENDING : TaskState.RUNNING,
        priority,
        "prompt",
        session,
        List.of(),
        List.of(),
        60_000,
        3,
        0,
        run == null ? 0 : 1,
        null,
        0,
        0,
        run,
        run == null ? null : new InstanceId("eu-1"),
        run == null ? null : "session",
        null,
        false,
        null,
        null,
        "alice",
        null,
        Instant.EPOCH,
        null,
        null,
        null,
        null,
        false,
        null,
        limits,
        List.of(),
        null,
        0,
        false,
        null,
        null);
  }
}
