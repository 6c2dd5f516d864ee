package dev.flotilla.command.task.queue;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.identity.TaskId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Compares the queue in Redis with the rows in PostgreSQL, and makes Redis agree. Every node may
/// do it at any time: each repair is one script that looks before it moves.
public final class Reconciler {
  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final int PAGE = 1000;
  private static final int SHOWN = 10;

  // The look at restless tasks overlaps itself, and leaves commands the time to enqueue their
  // tasks.
  private static final Duration OLDEST = Duration.ofSeconds(30);
  private static final Duration YOUNGEST = Duration.ofSeconds(2);

  private final TaskQueue queue;
  private final Transactions transactions;
  private final CommandMeters meters;
  private final RuleStore rules = new RuleStore();
  private boolean wanted = true;
  private boolean running;

  public Reconciler(TaskQueue queue, Transactions transactions, CommandMeters meters) {
    this.queue = queue;
    this.transactions = transactions;
    this.meters = meters;
  }

  /// Redis may have lost something: compare everything at the next opportunity.
  public void want() {
    wanted = true;
  }

  /// Compares everything if somebody wants it. It stays wanted until it was done to the end.
  public void runIfWanted() {
    if (wanted) {
      run();
    }
  }

  /// Compares everything, and then declares the queue complete.
  ///
  /// @return false where that could not be: it is under way already, or Redis lost the queue again
  public boolean run() {
    if (running) {
      return false;
    }
    running = true;
    wanted = false;
    boolean done = false;
    try {
      String token = queue.building();
      long after = -1;
      boolean more = true;
      while (more) {
        List<TaskRow> page = OpenTasks.page(sql(), after, PAGE);
        more = page.size() == PAGE;
        long last = more ? page.getLast().ordinal() : Long.MAX_VALUE;
        report("put right", queue.mend(page));
        removeStale(page, after, last);
        after = last;
      }
      applyRules();
      OptionalInt freed = queue.built(token);
      freed.ifPresent(meters::repaired);
      done = freed.isPresent();
    } finally {
      running = false;
      wanted |= !done;
    }
    return done;
  }

  /// Tells Redis what operators have set.
  ///
  /// @return true where it did not know
  public boolean applyRules() {
    return queue.rules(rules.read(sql()));
  }

  /// Looks only at tasks that have changed lately or have lost their lease, and at the rules.
  public void glance() {
    applyRules();
    report("put right", queue.mend(OpenTasks.restless(sql(), OLDEST, YOUNGEST, PAGE)));
  }

  /// Tasks in Redis that are not on the page have ended, or began after it was read.
  private void removeStale(List<TaskRow> page, long after, long last) {
    Set<TaskId> open = new HashSet<>();
    page.forEach(task -> open.add(task.id()));
    List<TaskId> unknown = new ArrayList<>(queue.between(after, last, 2 * PAGE));
    unknown.removeIf(open::contains);
    if (!unknown.isEmpty()) {
      unknown.removeAll(OpenTasks.which(sql(), unknown));
      queue.finish(unknown);
      report("removed", unknown);
    }
  }

  private Sql sql() {
    return transactions.direct();
  }

  private void report(String what, List<TaskId> tasks) {
    if (!tasks.isEmpty()) {
      meters.repaired(tasks.size());
      LOG.atInfo()
          .addKeyValue("repair", what)
          .addKeyValue("tasks", tasks.size())
          .addKeyValue("first", tasks.subList(0, Math.min(SHOWN, tasks.size())))
          .log("the queue was repaired from PostgreSQL");
    }
  }
}
