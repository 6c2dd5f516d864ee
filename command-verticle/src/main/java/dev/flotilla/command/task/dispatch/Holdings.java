package dev.flotilla.command.task.dispatch;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.command.task.dispatch.LeaseStore.Lease;
import dev.flotilla.command.task.queue.TaskQueue;
import dev.flotilla.command.task.queue.TaskQueue.Next;
import dev.flotilla.dispatch.RunEnded;
import dev.flotilla.identity.NodeId;
import dev.flotilla.identity.TaskId;
import dev.flotilla.telemetry.LogKeys;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The leases that this verticle holds, and keeping them.
final class Holdings {
  private static final Logger LOG = LoggerFactory.getLogger(Holdings.class);

  private final Map<TaskId, Run> runs = new HashMap<>();
  private final Transactions transactions;
  private final LeaseStore leases;
  private final TaskQueue queue;
  private final NodeId node;
  private final Duration lease;
  private final CommandMeters meters;

  Holdings(
      Transactions transactions,
      LeaseStore leases,
      TaskQueue queue,
      NodeId node,
      Duration lease,
      CommandMeters meters) {
    this.transactions = transactions;
    this.leases = leases;
    this.queue = queue;
    this.node = node;
    this.lease = lease;
    this.meters = meters;
  }

  int size() {
    return runs.size();
  }

  void add(Run run) {
    Run earlier = runs.put(run.task().id(), run);
    if (earlier != null) {
      // This node has taken over from itself: the lease had run out while a store was away.
      earlier.drop();
    }
    meters.running(runs.size());
  }

  void remove(Run run) {
    runs.remove(run.task().id(), run);
    meters.running(runs.size());
  }

  void tell(RunEnded ended) {
    Run run = runs.get(ended.task());
    if (run != null && run.runId().equals(ended.runId())) {
      run.tell(ended.state());
    }
  }

  /// Prolongs all leases, and drops those that somebody else has taken over. While PostgreSQL is
  /// away nobody can take over, so the runs go on.
  void renew() {
    if (!runs.isEmpty()) {
      renew(List.copyOf(runs.values()));
    }
  }

  /// The same for some of them.
  void renew(List<Run> held) {
    long sentAt = System.nanoTime();
    Set<TaskId> kept = new HashSet<>();
    for (LeaseStore.Renewed renewed :
        leases.renew(transactions.direct(), held.stream().map(Run::lease).toList(), lease)) {
      kept.add(renewed.task());
      Run run = runs.get(renewed.task());
      if (run != null) {
        run.renewed(sentAt);
        if (renewed.cancelRequested()) {
          run.requestCancel();
        }
      }
    }
    held.stream().filter(run -> !kept.contains(run.task().id())).forEach(this::lose);
    renewInQueue(held.stream().filter(run -> kept.contains(run.task().id())).toList());
  }

  private void lose(Run run) {
    // A run that ended while the renewal was under way has left already.
    if (runs.get(run.task().id()) == run && !run.ending()) {
      run.drop();
      remove(run);
      LOG.atWarn()
          .addKeyValue(LogKeys.TASK, run.task().id())
          .addKeyValue(LogKeys.TENANT, run.task().tenant())
          .addKeyValue("attempt", run.task().attempt())
          .log("the lease was lost: another node goes on with the run");
    }
  }

  private void renewInQueue(List<Run> kept) {
    List<TaskId> ids = kept.stream().map(run -> run.task().id()).toList();
    List<TaskId> missing = queue.renew(node, lease, ids);
    if (!missing.isEmpty()) {
      // Redis has lost them, not PostgreSQL: put them back as they are there now.
      List<TaskRow> rows = leases.find(transactions.direct(), missing);
      rows.stream()
          .filter(row -> !row.state().terminal() && runs.containsKey(row.id()))
          .forEach(queue::force);
      meters.repaired(rows.size());
    }
  }

  /// Gives all leases up at once, so that others go on with the runs.
  void release() {
    List<Run> held = List.copyOf(runs.values());
    held.forEach(
        run -> {
          run.drop();
          remove(run);
        });
    if (!held.isEmpty()) {
      List<Lease> given = held.stream().map(Run::lease).toList();
      leases.release(transactions.direct(), given);
      queue.release(node, Next.ORPHAN, Duration.ZERO, given.stream().map(Lease::task).toList());
    }
  }
}
