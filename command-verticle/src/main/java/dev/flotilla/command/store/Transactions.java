package dev.flotilla.command.store;

import dev.flotilla.log.EventBatch;
import dev.flotilla.log.EventLog;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Runs work in one PostgreSQL transaction together with the events it causes, and publishes them
/// after the commit. The log is appended to last: its lock is held from there to the commit.
///
/// A failure before the commit leaves nothing behind. A failure of the commit itself leaves the
/// outcome open, which is why callers have an idempotency key or a fencing number.
public record Transactions(Pool pool, EventLog log, Duration limit) {
  // Longer than any transaction of ours takes, shorter than a caller waits.
  private static final String LOCK_LIMIT = "set local lock_timeout = 2500";

  public <R> R run(BiFunction<Sql, Effects, R> work) {
    Deadline deadline = Deadline.in(limit);
    // Bounded by the pool: a connection that came after a deadline of ours would be lost to it.
    SqlConnection connection = pool.getConnection().await();
    try {
      return run(connection, deadline, work);
    } finally {
      // Rolls back what did not commit. Not waited for: the store may be what is in the way.
      connection.close();
    }
  }

  private <R> R run(SqlConnection connection, Deadline deadline, BiFunction<Sql, Effects, R> work) {
    Effects effects = new Effects();
    Sql sql = new Sql(connection, deadline);
    Future<Transaction> begin = connection.begin();
    effects.sent(connection.query(LOCK_LIMIT).execute());
    R result = work.apply(sql, effects);
    List<Future<EventBatch>> appended = new ArrayList<>();
    effects
        .drafts()
        .forEach((tenant, drafts) -> appended.add(log.append(connection, tenant, drafts)));
    effects.sent().forEach(sql::await);
    List<EventBatch> batches = appended.stream().map(sql::await).toList();
    sql.await(sql.await(begin).commit());
    batches.forEach(log::publish);
    effects.committed();
    return result;
  }

  /// Statements that need no transaction, each on any connection.
  public Sql direct() {
    return new Sql(pool, Deadline.in(limit));
  }
}
