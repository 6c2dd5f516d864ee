package dev.flotilla.contract;

import dev.flotilla.identity.TenantId;
import java.util.List;

/// What the fleet answers to a [RetentionCommand].
public sealed interface RetentionResult extends Result {

  record RetentionPolicy(TenantId tenant, List<Keeping> items) implements RetentionResult {}

  /// @param days how long it is kept; 0 is for ever
  /// @param own true where the tenant has a rule of its own, false where it is the fleet's
  record Keeping(Kept kind, int days, boolean own) {}
}
