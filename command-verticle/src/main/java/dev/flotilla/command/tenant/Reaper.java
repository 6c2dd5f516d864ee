package dev.flotilla.command.tenant;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.CancelTask;
import dev.flotilla.command.task.TaskDesk;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.TaskStore;
import dev.flotilla.contract.Result.TaskError;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.identity.TenantId;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes tenants that are to go, in transactions that are short enough to disturb nobody. Where
/// it was stopped it goes on, on whatever node: what is left says what is to be done. Tasks that
/// run are asked to end first; nothing of the tenant goes before they have.
public record Reaper(
    TenantStore tenants,
    TaskStore tasks,
    TaskDesk queue,
    Bus bus,
    Transactions transactions,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
  private static final int BATCH = 500;
  private static final TaskError GONE =
      new TaskError(CancelTask.CANCELLED, "The tenant is being deleted.");
  private static final String RUNNING =
      "select id from tasks where tenant = $1 and state = 'running' limit $2";
  private static final String TASKS =
      "delete from tasks where id = any(array(select id from tasks where tenant = $1 limit $2))"
          + " returning "
          + TaskRow.BRIEF;

  /// What came of one step.
  private enum Step {
    MORE,
    WAIT,
    NOTHING
  }

  public void run() {
    adopt();
    while (transactions.run(this::step) == Step.MORE) {
      // The next batch.
    }
  }

  private void adopt() {
    tenants.adopt(transactions.direct(), clock.instant());
  }

  private Step step(Sql sql, Effects effects) {
    Optional<TenantId> next = tenants.nextToDelete(sql);
    return next.map(tenant -> step(tenant, sql, effects)).orElse(Step.NOTHING);
  }

  private Step step(TenantId tenant, Sql sql, Effects effects) {
    if (stopRuns(tenant, sql, effects)) {
      return Step.WAIT;
    }
    if (deleteTasks(tenant, sql, effects)) {
      return Step.MORE;
    }
    for (OwnedTable table : OwnedTable.values()) {
      int deleted = sql.run(table.delete(), tenant.value(), BATCH).rowCount();
      if (deleted > 0 && table == OwnedTable.INSTANCES) {
        effects.afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
      }
      if (deleted == BATCH) {
        return Step.MORE;
      }
    }
    tenants.delete(sql, tenant);
    effects.afterCommit(
        () -> LOG.atInfo().addKeyValue(LogKeys.TENANT, tenant).log("a tenant was deleted"));
    return Step.MORE;
  }

  /// @return true while some still run
  private boolean stopRuns(TenantId tenant, Sql sql, Effects effects) {
    var running = sql.run(RUNNING, tenant.value(), BATCH);
    running.forEach(
        row -> {
          TaskRow asked = tasks.requestCancel(sql, new TaskId(row.getString("id")), GONE);
          NodeId holder = asked.leaseNode();
          if (holder != null) {
            effects.afterCommit(() -> queue.cancelRequested(holder));
          }
        });
    return running.size() > 0;
  }

  /// With what waits in the queue for them.
  private boolean deleteTasks(TenantId tenant, Sql sql, Effects effects) {
    List<TaskRow> deleted = TaskStore.all(sql.run(TASKS, tenant.value(), BATCH));
    if (!deleted.isEmpty()) {
      effects.afterCommit(() -> queue.ended(deleted));
    }
    return !deleted.isEmpty();
  }
}
