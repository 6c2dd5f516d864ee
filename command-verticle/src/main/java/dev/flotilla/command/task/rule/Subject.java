package dev.flotilla.command.task.rule;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.fault.Fault;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// Whom a rule is about: the caller's tenant, or with the scope for it another one or the fleet.
final class Subject {
  private Subject() {}

  /// @return `*` for the fleet
  static String of(
      @Nullable TenantId tenant, @Nullable Boolean fleet, String field, CommandContext context) {
    boolean all = Boolean.TRUE.equals(fleet);
    if (all && tenant != null) {
      throw Fault.invalid(field, "Give tenant or " + field + ", not both.").asException();
    }
    if (all) {
      context.principal().require(Scope.FLEET_ADMIN);
      return PauseStore.ANY;
    }
    if (tenant == null || tenant.equals(context.tenant())) {
      return context.tenant().value();
    }
    context.principal().require(Scope.FLEET_ADMIN);
    return tenant.value();
  }
}
