package dev.flotilla.registry.routing;

import dev.flotilla.identity.TenantId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.Map;

/// What was last read from the table `routing_policies`. While PostgreSQL is away the last reading
/// holds.
public final class PolicyTable {
  private static final String READ =
      "select tenant, region, zone, other_regions, shared_pool from routing_policies";

  private final Pool pool;
  private Map<TenantId, Policy> rows = Map.of();

  public PolicyTable(Pool pool) {
    this.pool = pool;
  }

  public Future<Void> refresh() {
    return pool.query(READ)
        .execute()
        .map(
            found -> {
              Map<TenantId, Policy> fresh = new HashMap<>();
              for (Row row : found) {
                fresh.put(
                    new TenantId(row.getString("tenant")),
                    new Policy(
                        row.getString("region"),
                        row.getString("zone"),
                        row.getBoolean("other_regions"),
                        row.getBoolean("shared_pool")));
              }
              rows = fresh;
              return null;
            });
  }

  public Policy of(TenantId tenant) {
    return rows.getOrDefault(tenant, Policy.FREE);
  }
}
