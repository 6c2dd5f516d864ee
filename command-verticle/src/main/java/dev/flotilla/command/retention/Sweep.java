package dev.flotilla.command.retention;

import dev.flotilla.command.CommandMeters;
import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.contract.Kept;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what is older than it is kept, tenant by tenant, in batches that are small enough to
/// disturb nobody. Every node looks; one at a time removes.
public final class Sweep {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
  private static final int BATCH = 500;

  // Held to the end of a batch's transaction.
  private static final String ALONE =
      "select pg_try_advisory_xact_lock(hashtext('flotilla.retention')) as alone";

  private final RetentionStore store = new RetentionStore();
  private final RetentionPolicies policies;
  private final Transactions transactions;
  private final CommandMeters meters;
  private final BooleanSupplier stopping;
  private final Clock clock;

  /// @param stopping whether the node is about to stop, and should not wait for this
  public Sweep(
      RetentionPolicies policies,
      Transactions transactions,
      CommandMeters meters,
      BooleanSupplier stopping,
      Clock clock) {
    this.policies = policies;
    this.transactions = transactions;
    this.meters = meters;
    this.stopping = stopping;
    this.clock = clock;
  }

  public void run() {
    Map<TenantId, Map<Kept, Integer>> own = store.all(transactions.direct());
    for (TenantId tenant : store.tenants(transactions.direct())) {
      Map<Kept, Integer> its = own.getOrDefault(tenant, Map.of());
      for (Kept kind : Kept.values()) {
        int days = policies.days(its, kind);
        if (days > 0 && !stopping.getAsBoolean()) {
          remove(tenant, kind, clock.instant().minus(Duration.ofDays(days)));
        }
      }
    }
  }

  private void remove(TenantId tenant, Kept kind, Instant before) {
    long removed = 0;
    boolean more = true;
    while (more && !stopping.getAsBoolean()) {
      Batch done = transactions.run((sql, _) -> batch(sql, tenant, kind, before));
      removed += done.removed();
      more = done.more();
    }
    if (removed > 0) {
      meters.removed(kind, removed);
      LOG.info(
          "{} rows of {} of {} were older than they are kept", removed, kind.wireName(), tenant);
    }
  }

  private static Batch batch(Sql sql, TenantId tenant, Kept kind, Instant before) {
    if (!sql.run(ALONE).iterator().next().getBoolean("alone")) {
      return new Batch(0, false);
    }
    OffsetDateTime old = before.atOffset(ZoneOffset.UTC);
    Row done = sql.run(Removal.of(kind), tenant.value(), old, BATCH).iterator().next();
    return new Batch(done.getLong("removed"), done.getLong("found") == BATCH);
  }

  private record Batch(long removed, boolean more) {}
}
