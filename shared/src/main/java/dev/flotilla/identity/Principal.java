package dev.flotilla.identity;

import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import java.time.Instant;
import java.util.Set;

/// Who a session or request acts for. It comes from a verified credential, never from a frame.
///
/// @param expiresAt when the credential ends; the session ends with it
/// @param proof what was shown, to be found again when it is revoked
public record Principal(
    TenantId tenant,
    UserId user,
    Set<Role> roles,
    Set<Scope> scopes,
    Instant expiresAt,
    Proof proof) {

  public Principal {
    roles = Set.copyOf(roles);
    scopes = Set.copyOf(scopes);
  }

  /// For who has shown nothing that could be taken back by itself.
  public Principal(
      TenantId tenant, UserId user, Set<Role> roles, Set<Scope> scopes, Instant expiresAt) {
    this(tenant, user, roles, scopes, expiresAt, Proof.NONE);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope);
  }

  /// Throws AUTHORIZATION_FAILED unless the scope is granted.
  public void require(Scope scope) {
    if (!may(scope)) {
      throw Fault.of(Reason.MISSING_SCOPE, "This needs the scope '" + scope.wireName() + "'.")
          .asException();
    }
  }
}
