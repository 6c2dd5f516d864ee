package dev.flotilla.command.work.agent;

import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.ItemId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// A work item that an agent works on by way of a task.
///
/// @param agent who comments
record Assignment(TenantId tenant, TaskId task, ItemId item, String agent, Policy policy) {

  /// Which step the item goes to; null where it stays.
  record Policy(@Nullable String start, @Nullable String done, @Nullable String fail) {

    @Nullable String step(TaskState state) {
      return switch (state) {
        case SCHEDULED, PENDING, RETRYING -> null;
        case RUNNING -> start;
        case SUCCEEDED -> done;
        case FAILED, DEAD, CANCELLED, EXPIRED -> fail;
      };
    }
  }
}
