package dev.flotilla.command;

import dev.flotilla.command.store.Effects;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.util.List;

/// Group commit: alike work of many callers in one transaction, with statements for all of them.
///
/// Where PostgreSQL refuses a group, its members are done one by one, so that what is wrong with
/// one of them harms no other.
public final class Commits<I, R> {
  // A group that waits for a lock does not hold up the next.
  private static final int SIDE_BY_SIDE = 2;
  private static final int MOST = 256;

  /// Answers each item, in the order of the items.
  @FunctionalInterface
  public interface Work<I, R> {
    List<R> run(List<I> items, Sql sql, Effects effects);
  }

  private final Transactions transactions;
  private final Work<I, R> work;
  private final Together<I, R> together;

  public Commits(Fibers fibers, String what, Transactions transactions, Work<I, R> work) {
    this.transactions = transactions;
    this.work = work;
    this.together = new Together<>(fibers, what, MOST, SIDE_BY_SIDE, this::all);
  }

  /// Waits for the commit of the group that this item is in.
  public R run(I item) {
    return together.run(item);
  }

  private List<Future<R>> all(List<I> items) {
    try {
      return transactions.run((sql, effects) -> work.run(items, sql, effects)).stream()
          .map(Future::succeededFuture)
          .toList();
    } catch (Throwable failure) {
      if (items.size() > 1 && failure instanceof PgException) {
        return items.stream().map(item -> all(List.of(item)).getFirst()).toList();
      }
      return items.stream().map(_ -> Future.<R>failedFuture(failure)).toList();
    }
  }
}
