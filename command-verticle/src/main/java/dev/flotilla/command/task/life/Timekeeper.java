package dev.flotilla.command.task.life;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.Dependents;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.contract.TaskChange;
import dev.flotilla.contract.TaskState;
import dev.flotilla.identity.NodeId;
import dev.flotilla.wire.Json;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Makes tasks pending when they are due, and ends those whose deadline has passed. Every node does
/// it: a task that one has in hand is skipped by the others.
public record Timekeeper(
    Transactions transactions, Dependents dependents, TaskDesk desk, Clock clock) {
  /// The reason of the error that an expired task has.
  public static final String EXPIRED = "EXPIRED";

  private static final TaskError WHY = new TaskError(EXPIRED, "Its deadline has passed.");
  private static final int BATCH = 200;
  private static final String DUE = "state = 'scheduled' and due_at <= now() and open_needs = 0";
  private static final String OVERDUE =
      "deadline <= now() and (state in ('pending', 'scheduled', 'retrying')"
          + " or (state = 'running' and not cancel_requested))";
  private static final String ANY =
      "select exists(select 1 from tasks where "
          + DUE
          + ") as due, exists(select 1 from tasks where "
          + OVERDUE
          + ") as overdue";
  private static final String PROMOTE =
      "update tasks set state = 'pending', updated_at = now() where id in (select id from tasks"
          + " where "
          + DUE
          + " order by due_at limit $1 for update skip locked) returning "
          + TaskRow.COLUMNS;
  private static final String EXPIRE =
      """
      update tasks set state = case state when 'running' then state else 'expired' end,
        cancel_requested = state = 'running', error = $2::text::jsonb,
        due_at = case state when 'running' then due_at end,
        finished_at = case state when 'running' then finished_at else $3 end,
        wait_reason = null, updated_at = now()
      where id in (select id from tasks where
      """
          + OVERDUE
          + " order by deadline limit $1 for update skip locked) returning "
          + TaskRow.COLUMNS;

  public void run() {
    var any = transactions.direct().run(ANY).iterator().next();
    if (any.getBoolean("due")) {
      transactions.run(this::promote);
    }
    if (any.getBoolean("overdue")) {
      transactions.run(this::expire);
    }
  }

  private int promote(Sql sql, Effects effects) {
    List<TaskRow> due = TaskStore.all(sql.run(PROMOTE, BATCH));
    due.forEach(task -> tell(effects, task, TaskChange.QUEUED, "Its time has come."));
    effects.afterCommit(() -> desk.queued(due));
    return due.size();
  }

  private int expire(Sql sql, Effects effects) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<TaskRow> late =
        TaskStore.all(sql.run(EXPIRE, BATCH, Json.text(WHY), now.atOffset(ZoneOffset.UTC)));
    List<TaskRow> ended = late.stream().filter(task -> task.state() == TaskState.EXPIRED).toList();
    for (TaskRow task : ended) {
      tell(effects, task, TaskChange.EXPIRED, WHY.message());
      dependents.ended(sql, effects, task, now);
    }
    Set<NodeId> holders = new HashSet<>();
    for (TaskRow task : late) {
      NodeId holder = task.leaseNode();
      if (task.state() == TaskState.RUNNING && holder != null) {
        holders.add(holder);
      }
    }
    effects.afterCommit(
        () -> {
          desk.ended(ended);
          holders.forEach(desk::cancelRequested);
        });
    return late.size();
  }

  private static void tell(Effects effects, TaskRow task, TaskChange change, String reason) {
    effects.record(
        task.tenant(),
        new Fact.TaskChanged(change, task.view().withoutPrompt(), reason),
        task.createdBy(),
        task.correlationId());
  }
}
