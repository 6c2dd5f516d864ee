package dev.flotilla.command.task;

import dev.flotilla.contract.AfterFailure;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A task to be created.
///
/// @param openNeeds how many of those that it waits for have not ended
/// @param needed another one of the same batch waits for it
/// @param waitReason why it does not start at once, where its time does not say it
public record TaskDraft(
    TaskId id,
    Author author,
    Priority priority,
    String prompt,
    @Nullable String session,
    List<String> capabilities,
    List<String> labels,
    long timeoutMs,
    int maxAttempts,
    @Nullable Instant runAt,
    @Nullable Instant deadline,
    Command.@Nullable Retry retry,
    TaskRow.@Nullable KeyLimits limits,
    List<TaskId> after,
    @Nullable AfterFailure afterFailure,
    int openNeeds,
    boolean needed,
    @Nullable String schedule,
    @Nullable String waitReason) {

  TaskState state() {
    return runAt == null && openNeeds == 0 ? TaskState.PENDING : TaskState.SCHEDULED;
  }
}
