package dev.flotilla.command.task;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.flotilla.contract.AfterFailure;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Priority;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What differs between new rows of the table `tasks` that are written together, by the names of
/// its columns.
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record NewRow(
    TaskId id,
    TaskState state,
    Priority priority,
    String prompt,
    @Nullable String session,
    List<String> capabilities,
    List<String> labels,
    long timeoutMs,
    int maxAttempts,
    @Nullable Instant dueAt,
    @Nullable Instant deadline,
    @Nullable Long retryDelayMs,
    @Nullable Long retryMaxMs,
    List<String> finalErrors,
    @Nullable String limitKey,
    @Nullable Integer keyRunning,
    @Nullable Integer keyStarts,
    @Nullable Long keyPerMs,
    List<TaskId> afterTasks,
    @Nullable AfterFailure afterFailure,
    int openNeeds,
    boolean needed,
    @Nullable String waitReason) {

  static NewRow of(TaskDraft draft) {
    Command.Retry retry = draft.retry();
    List<String> finalErrors = retry == null ? null : retry.finalErrors();
    TaskRow.KeyLimits limits = draft.limits();
    return new NewRow(
        draft.id(),
        draft.state(),
        draft.priority(),
        draft.prompt(),
        draft.session(),
        draft.capabilities(),
        draft.labels(),
        draft.timeoutMs(),
        draft.maxAttempts(),
        draft.runAt(),
        draft.deadline(),
        retry == null ? null : retry.delayMs(),
        retry == null ? null : retry.maxDelayMs(),
        finalErrors == null ? List.of() : finalErrors,
        limits == null ? null : limits.key(),
        limits == null ? null : limits.running(),
        limits == null ? null : limits.starts(),
        limits == null ? null : limits.perMs(),
        draft.after(),
        draft.afterFailure(),
        draft.openNeeds(),
        draft.needed(),
        draft.waitReason());
  }
}
