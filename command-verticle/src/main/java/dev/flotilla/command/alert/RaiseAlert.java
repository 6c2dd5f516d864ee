package dev.flotilla.command.alert;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.command.store.Sql;
import dev.flotilla.contract.AlertSeverity;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.Fact;
import dev.flotilla.contract.Result.AlertView;
import dev.flotilla.identity.Ids;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.telemetry.LogKeys;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells everybody of a tenant something, or everybody of the fleet. Who is told is in the log, so
/// that nobody misses it.
public record RaiseAlert(Clock clock) {
  private static final Logger LOG = LoggerFactory.getLogger(RaiseAlert.class);
  private static final String TENANTS = "select tenant from tenant_log order by tenant";

  /// What other tenants are told of who says so: nobody of one tenant is named to another.
  private static final String FLEET = "fleet";

  public AlertView handle(Command.AlertRaise command, CommandContext context) {
    boolean everywhere = Boolean.TRUE.equals(command.allTenants());
    Principal principal = context.principal();
    if (everywhere) {
      principal.require(Scope.FLEET_ADMIN);
    }
    Set<TenantId> tenants = new LinkedHashSet<>(Set.of(principal.tenant()));
    if (everywhere) {
      tenants.addAll(tenants(context.sql()));
    }
    AlertView alert =
        new AlertView(
            Ids.next(clock),
            Objects.requireNonNullElse(command.severity(), AlertSeverity.INFO),
            command.message(),
            Objects.requireNonNullElse(
                command.source(), everywhere ? FLEET : principal.user().value()),
            tenants.size(),
            context.now());
    boolean system = Boolean.TRUE.equals(command.system());
    tenants.forEach(tenant -> tell(tenant, alert, system, context));
    if (everywhere) {
      audit(alert, context);
    }
    return alert;
  }

  /// Every tenant that was ever here has a log.
  private static Set<TenantId> tenants(Sql sql) {
    Set<TenantId> all = new LinkedHashSet<>();
    sql.run(TENANTS).forEach(row -> all.add(new TenantId(row.getString("tenant"))));
    return all;
  }

  private static void tell(
      TenantId tenant, AlertView alert, boolean system, CommandContext context) {
    String actor = tenant.equals(context.tenant()) ? context.principal().user().value() : null;
    Fact raised =
        new Fact.AlertRaised(alert.id(), alert.severity(), alert.message(), alert.source());
    context.effects().record(tenant, raised, actor, context.correlationId());
    if (system) {
      Fact said =
          new Fact.SystemAnnounced(alert.id(), alert.severity(), alert.message(), alert.source());
      context.effects().record(tenant, said, actor, context.correlationId());
    }
  }

  private static void audit(AlertView alert, CommandContext context) {
    context
        .effects()
        .afterCommit(
            () ->
                LOG.atInfo()
                    .addKeyValue(LogKeys.CORRELATION_ID, context.correlationId())
                    .addKeyValue(LogKeys.TENANT, context.tenant())
                    .addKeyValue("user", context.principal().user())
                    .addKeyValue("alert", alert.id())
                    .log("{} tenants were told something", alert.tenants()));
  }
}
