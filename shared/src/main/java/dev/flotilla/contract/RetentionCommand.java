package dev.flotilla.contract;

import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// How long a tenant's things are kept.
public sealed interface RetentionCommand extends Command {

  /// @param tenant another one than the caller's takes the scope `fleet.admin`
  record RetentionGet(@Nullable TenantId tenant) implements RetentionCommand {}

  /// @param days 0 to 3,650; 0 is for ever, absent what the fleet does by itself
  record RetentionSet(@Nullable TenantId tenant, Kept kind, @Nullable Integer days)
      implements RetentionCommand {}
}
