package dev.flotilla.command.idempotency;

import dev.flotilla.command.store.Transactions;

/// Deletes expired keys in batches that are small enough to disturb nobody. Every node does it:
/// rows that another is deleting are skipped.
public record KeySweeper(IdempotencyStore store, Transactions transactions) {
  private static final int BATCH = 500;

  public void run() {
    while (store.sweep(transactions.direct(), BATCH) == BATCH) {
      // The next batch.
    }
  }
}
