package dev.flotilla.command.task;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.TaskId;
import dev.flotilla.wire.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// What the end of a task means for those that wait for it, in the transaction of that end. Each
/// need is struck once, whatever becomes of the task later.
public record Dependents(TaskDesk desk) {
  /// The reason of the error that a task has which waited for one that did not succeed.
  public static final String FAILED = "DEPENDENCY_FAILED";

  private static final String STRIKE = "delete from task_needs where needs = $1 returning task";
  private static final String SATISFY =
      """
      update tasks set open_needs = open_needs - 1,
        state = case when open_needs = 1 and (due_at is null or due_at <= now())
          then 'pending' else state end,
        wait_reason = case when open_needs > 1
          then 'AFTER: waits for ' || (open_needs - 1) || ' other tasks to end' end,
        updated_at = now()
      where id = any($1) and state = 'scheduled' and open_needs > 0
        and ($2 or after_failure = 'run')
      returning
      """
          + TaskRow.COLUMNS;
  private static final String GIVE_UP =
      """
      update tasks set state = case after_failure when 'skip' then 'cancelled' else 'failed' end,
        error = $2::text::jsonb, open_needs = 0, due_at = null, wait_reason = null,
        finished_at = $3, updated_at = now()
      where id = any($1) and state = 'scheduled' and open_needs > 0 and after_failure <> 'run'
      returning
      """
          + TaskRow.COLUMNS;

  public void ended(Sql sql, Effects effects, TaskRow task, Instant now) {
    List<TaskRow> released = new ArrayList<>();
    Deque<TaskRow> ends = new ArrayDeque<>(List.of(task));
    while (!ends.isEmpty()) {
      TaskRow end = ends.removeFirst();
      if (end.needed()) {
        String[] waiting =
            sql.run(STRIKE, end.id().value()).stream()
                .map(row -> row.getString("task"))
                .toArray(String[]::new);
        boolean succeeded = end.state() == TaskState.SUCCEEDED;
        if (waiting.length > 0) {
          released.addAll(satisfy(sql, effects, waiting, succeeded));
          if (!succeeded) {
            ends.addAll(giveUp(sql, effects, waiting, end, now));
          }
        }
      }
    }
    if (!released.isEmpty()) {
      effects.afterCommit(() -> desk.queued(released));
    }
  }

  private static List<TaskRow> satisfy(
      Sql sql, Effects effects, String[] waiting, boolean succeeded) {
    List<TaskRow> released = new ArrayList<>();
    for (TaskRow task : TaskStore.all(sql.run(SATISFY, waiting, succeeded))) {
      if (task.openNeeds() == 0) {
        released.add(task);
        if (task.state() == TaskState.PENDING) {
          tell(effects, task, TaskChange.QUEUED, "What it waited for has ended.");
        }
      }
    }
    return released;
  }

  private static List<TaskRow> giveUp(
      Sql sql, Effects effects, String[] waiting, TaskRow end, Instant now) {
    TaskError why = error(end.id(), end.state());
    List<TaskRow> given =
        TaskStore.all(sql.run(GIVE_UP, waiting, Json.text(why), now.atOffset(ZoneOffset.UTC)));
    for (TaskRow task : given) {
      boolean failed = task.state() == TaskState.FAILED;
      tell(effects, task, failed ? TaskChange.FAILED : TaskChange.CANCELLED, why.message());
    }
    return given;
  }

  private static TaskError error(TaskId id, TaskState state) {
    return new TaskError(
        FAILED, "The task " + id + ", which it waited for, has ended " + state.wireName() + ".");
  }

  private static void tell(Effects effects, TaskRow task, TaskChange change, String reason) {
    effects.record(
        task.tenant(),
        new Fact.TaskChanged(change, task.view().withoutPrompt(), reason),
        task.createdBy(),
        task.correlationId());
  }
}
