package dev.flotilla.command.task.life;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.TaskId;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Those who wait for the end of tasks. However many they are, one statement at a time looks for
/// all of them. Confined to the verticle's context.
public final class Waiters {
  private static final int MOST = 5_000;
  private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
  private static final String ENDED =
      """
      select asked.id from unnest($1::text[]) as asked (id) left join tasks on tasks.id = asked.id
      where tasks.id is null
        or state in ('succeeded', 'failed', 'dead', 'cancelled', 'expired')
      """;

  private final Map<TaskId, List<Promise<Void>>> waiting = new HashMap<>();
  private final Transactions transactions;
  private int size;

  public Waiters(Transactions transactions) {
    this.transactions = transactions;
  }

  /// Rings once the task has ended.
  Promise<Void> add(TaskId task) {
    if (size >= MOST) {
      throw Fault.retryLater(
              Reason.OVERLOADED, "Too many wait for tasks at this node.", RETRY_AFTER)
          .asException();
    }
    size++;
    Promise<Void> bell = Promise.promise();
    waiting.computeIfAbsent(task, _ -> new ArrayList<>()).add(bell);
    return bell;
  }

  void remove(TaskId task, Promise<Void> bell) {
    List<Promise<Void>> bells = waiting.get(task);
    if (bells != null && bells.remove(bell)) {
      size--;
      if (bells.isEmpty()) {
        waiting.remove(task);
      }
    }
  }

  /// Looks once.
  public void look() {
    if (waiting.isEmpty()) {
      return;
    }
    Sql sql = transactions.direct();
    String[] ids = waiting.keySet().stream().map(TaskId::value).toArray(String[]::new);
    sql.run(ENDED, (Object) ids).forEach(row -> ring(new TaskId(row.getString("id"))));
  }

  private void ring(TaskId task) {
    List.copyOf(waiting.getOrDefault(task, List.of())).forEach(Promise::tryComplete);
  }
}
