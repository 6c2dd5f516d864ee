package dev.flotilla.registry.health;

import dev.flotilla.contract.InstanceState;
import dev.flotilla.contract.InstanceWish;
import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// Something that says how an instance is, or how it should be.
public sealed interface Sign {
  /// What the link sees: starting, ready, degraded or down, with the reason in words.
  record Looked(InstanceState link, String reason) implements Sign {}

  /// It has brought a run to a good end.
  record Worked() implements Sign {}

  /// It has failed a run, or let it take too long.
  ///
  /// @param tenant whose run it was; null where it can only be the instance's fault
  record Faulted(String why, @Nullable TenantId tenant) implements Sign {
    public Faulted(String why) {
      this(why, null);
    }
  }

  /// What operators want.
  ///
  /// @param reason in their words
  record Wished(InstanceWish wish, @Nullable String reason) implements Sign {}

  /// Nothing but time.
  record Passed() implements Sign {}
}
