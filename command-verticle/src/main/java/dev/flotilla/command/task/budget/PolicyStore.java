package dev.flotilla.command.task.budget;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.OverBudget;
import dev.flotilla.contract.QueueCommand.QueuePolicySet;
import dev.flotilla.contract.QueueResult.QueuePolicy;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The tables `queue_policies` and `queue_usage`. Only those who have a policy are counted.
public final class PolicyStore {
  /// What stands for every tenant.
  public static final String FLEET = Policy.FLEET;

  private static final String READ =
      """
      select p.*, coalesce(h.created, 0) as used_hourly, coalesce(d.tokens, 0) as used_tokens,
        coalesce(d.usd, 0) as used_usd
      from queue_policies p
      left join queue_usage h on h.tenant = p.tenant and h.span = 'hour'
        and h.since = date_trunc('hour', now(), 'UTC')
      left join queue_usage d on d.tenant = p.tenant and d.span = 'day'
        and d.since = date_trunc('day', now(), 'UTC')
      """;
  private static final String OF = READ + "where p.tenant = any($1) order by p.tenant";
  private static final String LOCK = OF + " for update of p";
  private static final String SET =
      """
      insert into queue_policies (tenant, weight, max_queued, max_running, max_hourly,
        max_daily_tokens, max_daily_usd, over, updated_by, updated_at)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (tenant) do update set weight = excluded.weight,
        max_queued = excluded.max_queued, max_running = excluded.max_running,
        max_hourly = excluded.max_hourly, max_daily_tokens = excluded.max_daily_tokens,
        max_daily_usd = excluded.max_daily_usd, over = excluded.over,
        updated_by = excluded.updated_by, updated_at = excluded.updated_at
      """;
  private static final String CREATED =
      """
      insert into queue_usage (tenant, span, since, created)
      select tenant, 'hour', date_trunc('hour', now(), 'UTC'), $2
      from queue_policies where tenant = any($1) order by tenant
      on conflict (tenant, span, since) do update
        set created = queue_usage.created + excluded.created
      """;
  private static final String USED =
      """
      insert into queue_usage (tenant, span, since, tokens, usd)
      select tenant, 'day', date_trunc('day', now(), 'UTC'), $2, $3
      from queue_policies where tenant = any($1) order by tenant
      on conflict (tenant, span, since) do update
        set tokens = queue_usage.tokens + excluded.tokens, usd = queue_usage.usd + excluded.usd
      """;
  private static final String SWEEP =
      "delete from queue_usage where since < now() - interval '8 days'";

  /// The policies of the tenant and of the fleet, which nobody else reads here until the
  /// transaction ends: what is counted under them is exact.
  List<Policy> lock(Sql sql, String tenant) {
    return policies(sql.run(LOCK, (Object) both(tenant)));
  }

  /// @param tenant `*` for the fleet
  public QueuePolicy of(Sql sql, String tenant) {
    List<Policy> found = policies(sql.run(OF, (Object) new String[] {tenant}));
    return (found.isEmpty() ? Policy.none(tenant) : found.getFirst()).view();
  }

  public void set(Sql sql, String tenant, QueuePolicySet policy, String user, Instant now) {
    OverBudget over = Objects.requireNonNullElse(policy.over(), OverBudget.REFUSE);
    sql.run(
        SET,
        tenant,
        Objects.requireNonNullElse(policy.weight(), 1),
        policy.maxQueued(),
        policy.maxRunning(),
        policy.maxHourly(),
        policy.maxDailyTokens(),
        policy.maxDailyUsd(),
        over.wireName(),
        user,
        now.atOffset(ZoneOffset.UTC));
  }

  /// Every policy, with what has been used.
  public List<QueuePolicy> all(Sql sql) {
    return policies(sql.run(READ)).stream().map(Policy::view).toList();
  }

  void created(Sql sql, String tenant, int tasks) {
    sql.run(CREATED, both(tenant), (long) tasks);
  }

  /// Counts what an attempt has used.
  public Future<?> used(Sql sql, String tenant, long tokens, @Nullable Double usd) {
    return sql.send(USED, both(tenant), tokens, Objects.requireNonNullElse(usd, 0.0));
  }

  public void sweep(Sql sql) {
    sql.run(SWEEP);
  }

  private static String[] both(String tenant) {
    return new String[] {FLEET, tenant};
  }

  private static List<Policy> policies(Iterable<Row> rows) {
    List<Policy> policies = new ArrayList<>();
    rows.forEach(row -> policies.add(Policy.of(row)));
    return policies;
  }
}
