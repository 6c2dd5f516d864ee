package dev.flotilla.command.tenant;

import dev.flotilla.command.store.Sql;
import dev.flotilla.command.store.Transactions;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// Forgets events that are older than their tenant wants them kept, oldest first, and says up to
/// where: who comes back for them is told of a gap. A few at a time, since the row that says so is
/// the one that new events wait for.
public record Retention(Transactions transactions, Clock clock) {
  private static final int BATCH = 1_000;

  private static final String KEPT =
      "select id, retention_days from tenants where retention_days is not null";
  // The log is in order of seq; times of neighbours may be a little out of order.
  private static final String BOUND =
      """
      select coalesce(min(seq) filter (where at >= $2) - 1, max(seq)) as bound, min(seq) as first
      from (select seq, at from activity where tenant = $1 order by seq limit $3) oldest
      """;
  private static final String FLOOR =
      "update tenant_log set floor = $2 where tenant = $1 and floor < $2";
  private static final String FORGET = "delete from activity where tenant = $1 and seq <= $2";

  private record Kept(TenantId tenant, int days) {}

  public void run() {
    List<Kept> all = new ArrayList<>();
    transactions
        .direct()
        .run(KEPT)
        .forEach(
            row ->
                all.add(
                    new Kept(new TenantId(row.getString("id")), row.getInteger("retention_days"))));
    for (Kept kept : all) {
      Instant oldest = clock.instant().minusSeconds(86_400L * kept.days());
      while (transactions.run((sql, _) -> forget(sql, kept.tenant(), oldest)) >= BATCH) {
        // The next batch.
      }
    }
  }

  /// @return how many
  private static int forget(Sql sql, TenantId tenant, Instant oldest) {
    Row found =
        sql.run(BOUND, tenant.value(), oldest.atOffset(ZoneOffset.UTC), BATCH).iterator().next();
    Long bound = found.getLong("bound");
    if (bound == null || bound < found.getLong("first")) {
      return 0;
    }
    sql.run(FLOOR, tenant.value(), bound);
    return sql.run(FORGET, tenant.value(), bound).rowCount();
  }
}
