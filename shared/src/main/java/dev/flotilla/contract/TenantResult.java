package dev.flotilla.contract;

import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to a [TenantCommand].
public sealed interface TenantResult extends Result {

  /// @param maxUsers absent where there is no limit, as with the others
  /// @param users how many there are, as with the others
  /// @param revision rises with every change
  record TenantView(
      TenantId id,
      @Nullable String name,
      TenantState state,
      @Nullable String reason,
      @Nullable Instant suspendedAt,
      @Nullable Integer maxUsers,
      @Nullable Integer maxApiKeys,
      @Nullable Integer maxInstances,
      long users,
      long apiKeys,
      long instances,
      RateClass rateClass,
      String createdBy,
      Instant createdAt,
      long revision)
      implements TenantResult {}

  record TenantPage(List<TenantView> items) implements TenantResult {}

  /// @param items each a row and the table that it is of
  record TenantExported(List<RawJson> items, @Nullable String nextCursor) implements TenantResult {}
}
