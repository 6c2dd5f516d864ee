package dev.flotilla.fleet.bench.queue;

import dev.flotilla.contract.Priority;
import dev.flotilla.identity.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;

/// How many tasks a second go the whole way: created, queued, leased, claimed, run, ended. Each of
/// these is committed to PostgreSQL with its event before the next begins.
record Cycles(int tasks, int batch, int tenants) {

  /// Tasks a second.
  ///
  /// @param name of its tenants
  double run(CommandNode node, String name) throws InterruptedException, ExecutionException {
    List<TenantId> all =
        IntStream.range(0, tenants).mapToObj(i -> new TenantId(name + "-" + i)).toList();
    all.forEach(node::hear);
    long start = System.nanoTime();
    List<FutureTask<Void>> creators = new ArrayList<>();
    for (TenantId tenant : all) {
      FutureTask<Void> creator = new FutureTask<>(() -> create(node, tenant), null);
      creators.add(creator);
      Thread.ofVirtual().start(creator);
    }
    for (FutureTask<Void> creator : creators) {
      creator.get();
    }
    int ended = tasks / tenants * tenants;
    node.awaitSucceeded(ended);
    return ended * 1e9 / (System.nanoTime() - start);
  }

  private void create(CommandNode node, TenantId tenant) {
    int each = tasks / tenants;
    for (int from = 0; from < each; from += batch) {
      node.create(tenant, Priority.MEDIUM, Math.min(batch, each - from));
    }
  }
}
