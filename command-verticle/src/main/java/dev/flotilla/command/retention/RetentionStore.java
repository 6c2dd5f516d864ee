package dev.flotilla.command.retention;

import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.Kept;
import dev.flotilla.identity.TenantId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The table `retention_policies`: what tenants have otherwise than the fleet.
final class RetentionStore {
  private static final String FIND = "select kind, days from retention_policies where tenant = $1";
  private static final String ALL = "select tenant, kind, days from retention_policies";
  private static final String SET =
      """
      insert into retention_policies (tenant, kind, days, set_by, set_at)
      values ($1, $2, $3, $4, $5)
      on conflict (tenant, kind) do update set days = $3, set_by = $4, set_at = $5
      """;
  private static final String CLEAR =
      "delete from retention_policies where tenant = $1 and kind = $2";

  // A tenant that ever did anything has a log; one whose every try was refused is in the audit log.
  private static final String TENANTS =
      """
      with recursive audited as (
        (select tenant from audit_log order by tenant limit 1)
        union all
        select (select next.tenant from audit_log as next where next.tenant > audited.tenant
          order by next.tenant limit 1)
        from audited where audited.tenant is not null
      )
      select tenant from tenant_log
      union select tenant from audited where tenant is not null
      """;

  Map<Kept, Integer> find(Sql sql, TenantId tenant) {
    Map<Kept, Integer> days = new EnumMap<>(Kept.class);
    sql.run(FIND, tenant.value())
        .forEach(row -> days.put(Kept.named(row.getString("kind")), row.getInteger("days")));
    return days;
  }

  Map<TenantId, Map<Kept, Integer>> all(Sql sql) {
    Map<TenantId, Map<Kept, Integer>> all = new HashMap<>();
    sql.run(ALL)
        .forEach(
            row ->
                all.computeIfAbsent(
                        new TenantId(row.getString("tenant")), _ -> new EnumMap<>(Kept.class))
                    .put(Kept.named(row.getString("kind")), row.getInteger("days")));
    return all;
  }

  void set(Sql sql, TenantId tenant, Kept kind, int days, String by, Instant now) {
    sql.run(SET, tenant.value(), kind.wireName(), days, by, now.atOffset(ZoneOffset.UTC));
  }

  void clear(Sql sql, TenantId tenant, Kept kind) {
    sql.run(CLEAR, tenant.value(), kind.wireName());
  }

  /// Everybody who may have something that is old.
  List<TenantId> tenants(Sql sql) {
    List<TenantId> tenants = new ArrayList<>();
    sql.run(TENANTS).forEach(row -> tenants.add(new TenantId(row.getString("tenant"))));
    return tenants;
  }
}
