package dev.flotilla.command.store;

import dev.flotilla.log.EventBatch;
import dev.flotilla.log.EventLog;
import dev.flotilla.store.StoreFaults;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.SqlConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// Runs work in one PostgreSQL transaction together with the events it causes, and publishes them
/// after the commit.
///
/// The log is appended to last, and the commit is sent right behind it: the lock of the tenant's
/// head is held while PostgreSQL works, not while an answer waits for this node.
///
/// A failure before the appends leaves nothing behind. One of the appends or of the commit, or a
/// deadline that passes meanwhile, leaves the outcome open, which is why callers have an
/// idempotency key or a fencing number.
public record Transactions(Pool pool, EventLog log, Duration limit) {
  // Locks are waited for longer than any transaction of ours takes, shorter than a caller waits.
  private static final String BEGIN = "begin; set local lock_timeout = 2500";
  // After a statement that has failed, a commit would roll back and be called a success. What comes
  // before it here fails then.
  private static final String COMMIT = "select 1; commit";
  private static final String ROLLBACK = "rollback";

  public <R> R run(BiFunction<Sql, Effects, R> work) {
    Deadline deadline = Deadline.in(limit);
    // Bounded by the pool: a connection that came after a deadline of ours would be lost to it.
    SqlConnection connection = pool.getConnection().await();
    Sql sql = new Sql(connection, deadline);
    Effects effects = new Effects();
    R result;
    List<EventBatch> batches;
    try {
      effects.sent(connection.query(BEGIN).execute());
      result = work.apply(sql, effects);
      effects.sent().forEach(sql::await);
      batches = commit(connection, sql, effects);
    } catch (Throwable failure) {
      // Not waited for: the store may be what is in the way.
      connection.query(ROLLBACK).execute().onComplete(_ -> connection.close());
      if (StoreFaults.is(failure, StoreFaults.TRANSACTION_ABORTED)) {
        // By a statement before it, which tells what is wrong.
        effects.sent().stream().filter(Future::failed).forEach(sql::await);
      }
      throw failure;
    }
    connection.close();
    batches.forEach(log::publish);
    effects.committed();
    return result;
  }

  private List<EventBatch> commit(SqlConnection connection, Sql sql, Effects effects) {
    List<Future<EventBatch>> appended = new ArrayList<>();
    effects
        .drafts()
        .forEach((tenant, drafts) -> appended.add(log.append(connection, tenant, drafts)));
    Future<?> committed = connection.query(COMMIT).execute();
    List<EventBatch> batches = appended.stream().map(sql::await).toList();
    sql.await(committed);
    return batches;
  }

  /// Statements that need no transaction, each on any connection.
  public Sql direct() {
    return new Sql(pool, Deadline.in(limit));
  }
}
