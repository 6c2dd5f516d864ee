package dev.flotilla.command;

import dev.flotilla.command.task.TaskRow;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tasks for tests that need no database.
public final class Tasks {
  private Tasks() {}

  public static TaskRow row(String id, String tenant, @Nullable String session) {
    return new TaskRow(
        new TaskId(id),
        new TenantId(tenant),
        1,
        TaskState.PENDING,
        Priority.MEDIUM,
        "prompt",
        session,
        List.of(),
        List.of(),
        60_000,
        3,
        0,
        0,
        null,
        0,
        0,
        null,
        null,
        null,
        null,
        false,
        null,
        null,
        "alice",
        null,
        Instant.EPOCH,
        null,
        null);
  }
}
