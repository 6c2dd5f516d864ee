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
import dev.flotilla.store.StoreFaults;
import dev.flotilla.telemetry.Complaints;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Deletes tenants that are to go, in transactions that are short enough to disturb nobody. Where
/// it was stopped it goes on, on whatever node: what is left says what is to be done. Tasks that
/// run are asked to end first; nothing of the tenant goes before they have. What comes late, such
/// as the last event of a link, goes in another round: so a deletion takes a while, whatever there
/// is.
public record Reaper(
    TenantStore tenants,
    TaskStore tasks,
    TaskDesk queue,
    Bus bus,
    Transactions transactions,
    BooleanSupplier stopping,
    Complaints<TenantId> stuck,
    Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(Reaper.class);
  private static final int BATCH = 500;
  private static final Duration LATE = Duration.ofSeconds(8);
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
    WAIT
  }

  public void run() {
    tenants.adopt(transactions.direct(), clock.instant());
    Round round = new Round();
    while (!stopping.getAsBoolean() && step(round)) {
      // The next batch, of this tenant or another.
    }
    stuck.endOfRound();
  }

  /// One look at all tenants that are to go.
  private static final class Round {
    /// About whom nothing more can be done in it.
    final List<TenantId> done = new ArrayList<>();

    @Nullable TenantId inHand;
  }

  /// @return false where there is no other
  private boolean step(Round round) {
    round.inHand = null;
    try {
      return transactions.run((sql, effects) -> step(round, sql, effects));
    } catch (RuntimeException failure) {
      TenantId tenant = round.inHand;
      if (tenant == null || StoreFaults.of(failure) != null) {
        throw failure;
      }
      // One that cannot be deleted must not keep the others.
      if (stuck.isNew(tenant, failure)) {
        LOG.atError()
            .addKeyValue(LogKeys.TENANT, tenant)
            .setCause(failure)
            .log("a tenant cannot be deleted");
      }
      round.done.add(tenant);
      return true;
    }
  }

  private boolean step(Round round, Sql sql, Effects effects) {
    TenantStore.Doomed next = tenants.nextToDelete(sql, round.done).orElse(null);
    if (next == null) {
      return false;
    }
    round.inHand = next.id();
    if (step(next, sql, effects) == Step.WAIT) {
      round.done.add(next.id());
    }
    return true;
  }

  private Step step(TenantStore.Doomed doomed, Sql sql, Effects effects) {
    TenantId tenant = doomed.id();
    if (stopRuns(tenant, sql, effects)) {
      return Step.WAIT;
    }
    if (deleteTasks(tenant, sql, effects)) {
      return Step.MORE;
    }
    boolean clean = true;
    for (OwnedTable table : OwnedTable.values()) {
      int deleted = sql.run(table.delete(), tenant.value(), BATCH).rowCount();
      if (deleted > 0 && table == OwnedTable.INSTANCES) {
        effects.afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
      }
      if (deleted == BATCH) {
        return Step.MORE;
      }
      clean &= deleted == 0;
    }
    // Only what was empty when it was looked at again is gone: things come late until then.
    if (!clean || doomed.since().plus(LATE).isAfter(clock.instant())) {
      return Step.WAIT;
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
