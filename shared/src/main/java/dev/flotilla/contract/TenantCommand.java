package dev.flotilla.contract;

import dev.flotilla.identity.TenantId;
import org.jspecify.annotations.Nullable;

/// What who acts for the fleet can ask about its tenants.
public sealed interface TenantCommand extends Command {

  /// Makes a tenant. One that is only named in tokens works without.
  record TenantCreate(TenantId id, @Nullable String name) implements TenantCommand {}

  /// @param after the last tenant of the page before
  record TenantList(@Nullable Integer limit, @Nullable TenantId after) implements TenantCommand {}

  record TenantGet(TenantId id) implements TenantCommand {}

  /// Changes what is given.
  ///
  /// @param maxUsers 0 takes a limit away, as with the others
  /// @param revision the one that was read, where a change of others in between must be noticed
  record TenantUpdate(
      TenantId id,
      @Nullable String name,
      @Nullable Integer maxUsers,
      @Nullable Integer maxApiKeys,
      @Nullable Integer maxInstances,
      @Nullable RateClass rateClass,
      @Nullable Long revision)
      implements TenantCommand {}

  /// Closes the sockets of a tenant, refuses its logins, tokens and keys, and starts none of its
  /// tasks, until it is resumed. What runs goes on.
  record TenantSuspend(TenantId id, @Nullable String reason) implements TenantCommand {}

  record TenantResume(TenantId id) implements TenantCommand {}

  /// Deletes a suspended tenant with everything that it owns, for good and in the background.
  ///
  /// @param confirm the id once more
  record TenantDelete(TenantId id, TenantId confirm) implements TenantCommand {}

  /// Reads what a tenant owns, page by page, without secrets.
  record TenantExport(TenantId id, @Nullable Integer limit, @Nullable String cursor)
      implements TenantCommand {}
}
