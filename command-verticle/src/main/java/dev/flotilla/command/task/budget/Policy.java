package dev.flotilla.command.task.budget;

import dev.flotilla.contract.OverBudget;
import dev.flotilla.contract.QueueResult.QueuePolicy;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import org.jspecify.annotations.Nullable;

/// What a tenant, or the whole fleet, may use, and has used.
///
/// @param tenant `*` for the fleet
record Policy(
    String tenant,
    int weight,
    @Nullable Integer maxQueued,
    @Nullable Integer maxRunning,
    @Nullable Integer maxHourly,
    @Nullable Long maxDailyTokens,
    @Nullable Double maxDailyUsd,
    OverBudget over,
    long usedHourly,
    long usedDailyTokens,
    double usedDailyUsd) {
  static final String FLEET = "*";

  static Policy of(Row row) {
    return new Policy(
        row.getString("tenant"),
        row.getInteger("weight"),
        row.getInteger("max_queued"),
        row.getInteger("max_running"),
        row.getInteger("max_hourly"),
        row.getLong("max_daily_tokens"),
        row.getDouble("max_daily_usd"),
        OverBudget.named(row.getString("over")),
        row.getLong("used_hourly"),
        row.getLong("used_tokens"),
        row.getDouble("used_usd"));
  }

  static Policy none(String tenant) {
    return new Policy(tenant, 1, null, null, null, null, null, OverBudget.REFUSE, 0, 0, 0);
  }

  /// True where the budget of the day is used up.
  boolean dayIsOver() {
    return (maxDailyTokens != null && usedDailyTokens >= maxDailyTokens)
        || (maxDailyUsd != null && usedDailyUsd >= maxDailyUsd);
  }

  String owner() {
    return tenant.equals(FLEET) ? "the fleet" : "the tenant";
  }

  QueuePolicy view() {
    return new QueuePolicy(
        tenant.equals(FLEET) ? null : new TenantId(tenant),
        weight,
        maxQueued,
        maxRunning,
        maxHourly,
        maxDailyTokens,
        maxDailyUsd,
        over,
        usedHourly,
        usedDailyTokens,
        usedDailyUsd,
        dayIsOver());
  }
}
