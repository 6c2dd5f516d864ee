package dev.flotilla.command.ops;

import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// Whose things a command is about: the caller's tenant's, or with the scope for it another one's.
public final class Whose {
  private Whose() {}

  public static TenantId tenant(@Nullable TenantId asked, CommandContext context) {
    if (asked == null || asked.equals(context.tenant())) {
      return context.tenant();
    }
    context.principal().require(Scope.FLEET_ADMIN);
    return asked;
  }
}
