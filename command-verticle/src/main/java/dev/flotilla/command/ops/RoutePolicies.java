package dev.flotilla.command.ops;

import dev.flotilla.bus.Addresses;
import dev.flotilla.bus.Bell;
import dev.flotilla.bus.Bus;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.OpsCommand;
import dev.flotilla.contract.OpsResult.RoutePolicy;
import dev.flotilla.identity.TenantId;
import io.vertx.sqlclient.Row;
import java.time.ZoneOffset;
import java.util.Objects;

/// The table `routing_policies`: where the tasks of a tenant may run, and where they should.
public record RoutePolicies(Bus bus) {
  private static final String FIND =
      "select region, zone, other_regions, shared_pool from routing_policies where tenant = $1";
  private static final String SET =
      """
      insert into routing_policies (tenant, region, zone, other_regions, shared_pool, set_by, set_at)
      values ($1, $2, $3, $4, $5, $6, $7)
      on conflict (tenant) do update set region = $2, zone = $3, other_regions = $4,
        shared_pool = $5, set_by = $6, set_at = $7
      """;

  public RoutePolicy handle(OpsCommand.RoutePolicyGet command, CommandContext context) {
    TenantId tenant = Whose.tenant(command.tenant(), context);
    var rows = context.sql().run(FIND, tenant.value()).iterator();
    return rows.hasNext()
        ? policy(tenant, rows.next())
        : new RoutePolicy(tenant, null, null, true, true);
  }

  public RoutePolicy handle(OpsCommand.RoutePolicySet command, CommandContext context) {
    TenantId tenant = Whose.tenant(command.tenant(), context);
    RoutePolicy policy =
        new RoutePolicy(
            tenant,
            command.region(),
            command.zone(),
            Objects.requireNonNullElse(command.otherRegions(), true),
            Objects.requireNonNullElse(command.sharedPool(), true));
    context.changed(handle(new OpsCommand.RoutePolicyGet(command.tenant()), context), policy);
    context
        .sql()
        .run(
            SET,
            tenant.value(),
            policy.region(),
            policy.zone(),
            policy.otherRegions(),
            policy.sharedPool(),
            context.principal().user().value(),
            context.now().atOffset(ZoneOffset.UTC));
    context.effects().afterCommit(() -> bus.publish(Addresses.INSTANCES_CHANGED, new Bell()));
    return policy;
  }

  private static RoutePolicy policy(TenantId tenant, Row row) {
    return new RoutePolicy(
        tenant,
        row.getString("region"),
        row.getString("zone"),
        row.getBoolean("other_regions"),
        row.getBoolean("shared_pool"));
  }
}
