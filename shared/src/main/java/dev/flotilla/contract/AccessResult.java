package dev.flotilla.contract;

import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import dev.flotilla.wire.RawJson;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the fleet answers to an [AccessCommand].
public sealed interface AccessResult extends Result {

  /// @param password whether there is one; never which
  /// @param revision rises with every change
  record UserView(
      UserId id,
      TenantId tenant,
      List<Role> roles,
      boolean enabled,
      boolean password,
      String createdBy,
      Instant createdAt,
      long revision)
      implements AccessResult {}

  record UserPage(List<UserView> items) implements AccessResult {}

  /// @param sessions how many were ended
  record UserRevoked(UserId id, TenantId tenant, int sessions) implements AccessResult {}

  /// @param cookies true where a browser keeps it
  record LoginView(
      String id,
      UserId user,
      @Nullable String address,
      @Nullable String agent,
      boolean cookies,
      Instant createdAt,
      Instant usedAt,
      Instant expiresAt) {}

  record LoginPage(List<LoginView> items) implements AccessResult {}

  record LoginRevoked(String id) implements AccessResult {}

  record ApiKeyView(
      String id,
      String name,
      List<Scope> scopes,
      String createdBy,
      Instant createdAt,
      Instant expiresAt,
      @Nullable Instant lastUsedAt) {}

  /// @param key shown this once; a repetition of the request does not have it
  record ApiKeyCreated(
      String id, String name, List<Scope> scopes, Instant expiresAt, @Nullable String key)
      implements AccessResult, Confidential {
    @Override
    public ApiKeyCreated withoutSecrets() {
      return new ApiKeyCreated(id, name, scopes, expiresAt, null);
    }
  }

  record ApiKeyPage(List<ApiKeyView> items) implements AccessResult {}

  record ApiKeyRevoked(String id) implements AccessResult {}

  /// @param proof what the actor had shown: `token`, `session:{id}` or `key:{id}`
  /// @param target what was changed, where one thing was
  /// @param outcome `OK` or the reason of the refusal
  /// @param fields ids, numbers, times and words of the protocol from the request; never free text
  /// @param changes what differs from before, where settings were changed
  record AuditEntry(
      Instant at,
      String actor,
      String proof,
      String action,
      @Nullable String target,
      String outcome,
      RawJson fields,
      @Nullable RawJson changes,
      @Nullable String address,
      String correlationId) {}

  record AuditPage(List<AuditEntry> items, @Nullable String nextCursor) implements AccessResult {}
}
