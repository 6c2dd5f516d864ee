package dev.flotilla.command.task.queue;

import dev.flotilla.bus.Bus;
import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.command.task.TaskRow;
import dev.flotilla.identity.TaskId;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.Stores;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Looks whether Redis agrees with PostgreSQL about the queue and with itself, and puts it right.
/// The fleet may go on meanwhile: what is on its way from one store to the other is looked at
/// again.
public final class QueueDoctor {
  private static final int PAGE = 1000;
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration AGAIN = Duration.ofSeconds(2);

  /// What was found.
  ///
  /// @param tasks rows of PostgreSQL that belong into the queue
  /// @param totals members of the structures in Redis, by name
  /// @param findings what is wrong, in words, each with the task that it is about
  public record Findings(long tasks, Map<String, Long> totals, List<String> findings) {
    public boolean sound() {
      return findings.isEmpty();
    }
  }

  private final Vertx vertx;
  private final TaskQueue queue;
  private final Transactions transactions;

  public QueueDoctor(Vertx vertx, Stores stores) {
    this.vertx = vertx;
    this.queue = new TaskQueue(stores.redis());
    Clock clock = Clock.systemUTC();
    EventLog log = new EventLog(stores.postgres(), new Bus(vertx, clock), clock);
    this.transactions = new Transactions(stores.postgres(), log, LIMIT);
  }

  /// Looks, and looks again where something seems wrong: what is gone by then was on its way.
  public Findings look() {
    Findings first = once();
    if (first.sound()) {
      return first;
    }
    Promise<Void> later = Promise.promise();
    vertx.setTimer(AGAIN.toMillis(), _ -> later.complete());
    later.future().await();
    Findings second = once();
    List<String> both = new ArrayList<>(second.findings());
    both.retainAll(new HashSet<>(first.findings()));
    return new Findings(second.tasks(), second.totals(), both);
  }

  /// Makes Redis agree with PostgreSQL. Where that is not enough, because Redis contradicts itself,
  /// the queue is emptied and rebuilt.
  public Findings repair() {
    Reconciler reconciler =
        new Reconciler(queue, transactions, new CommandMeters(new SimpleMeterRegistry()));
    reconciler.run();
    Findings after = look();
    if (after.sound()) {
      return after;
    }
    queue.clear();
    reconciler.run();
    return look();
  }

  private Findings once() {
    List<String> findings = new ArrayList<>();
    long tasks = compare(findings);
    Long after = -1L;
    while (after != null) {
      TaskQueue.Page page = queue.inspect(after, PAGE);
      findings.addAll(page.contradictions());
      after = page.last();
    }
    Map<String, Long> totals = queue.totals();
    count(totals, findings);
    return new Findings(tasks, totals, findings);
  }

  /// Every row has its task in Redis, and the other way round.
  private long compare(List<String> findings) {
    long tasks = 0;
    long after = -1;
    boolean more = true;
    while (more) {
      List<TaskRow> page = OpenTasks.page(sql(), after, PAGE);
      more = page.size() == PAGE;
      long last = more ? page.getLast().ordinal() : Long.MAX_VALUE;
      Set<TaskId> known = new HashSet<>(queue.between(after, last, 2 * PAGE));
      for (TaskRow row : page) {
        if (!known.remove(row.id())) {
          findings.add(row.id() + " is " + row.state().wireName() + " and not in the queue");
        }
      }
      known.forEach(id -> findings.add(id + " is in the queue and has no open row"));
      tasks += page.size();
      after = last;
    }
    return tasks;
  }

  private static void count(Map<String, Long> totals, List<String> findings) {
    long index = totals.getOrDefault("index", 0L);
    long placed = 0;
    for (String place : List.of("waiting", "delayed", "leases", "orphans")) {
      placed += totals.getOrDefault(place, 0L);
    }
    if (index != placed) {
      findings.add("the index has " + index + " tasks, and their places " + placed);
    }
    long hands = totals.getOrDefault("leases", 0L) + totals.getOrDefault("orphans", 0L);
    if (totals.getOrDefault("hands", 0L) != hands) {
      findings.add("tenants have " + totals.get("hands") + " tasks in hand, and leases " + hands);
    }
    if (totals.getOrDefault("slots", 0L) > hands) {
      findings.add("more slots are in use than tasks in hand: " + totals.get("slots"));
    }
    if (totals.getOrDefault("built", 0L) == 0) {
      findings.add("the queue is not declared complete: nothing is taken from it");
    }
  }

  private Sql sql() {
    return transactions.direct();
  }
}
