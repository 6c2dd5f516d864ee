package dev.flotilla.account;

import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A provider has said who somebody is, and a gateway has checked that it did.
///
/// @param issuer the provider
/// @param roles what they may do from now on
/// @param subject the provider's own name for them
/// @param providerSession their session there, where it has a name
public record OidcAsk(
    TenantId tenant,
    UserId user,
    Set<Role> roles,
    String issuer,
    String subject,
    @Nullable String providerSession,
    @Nullable String address,
    @Nullable String agent,
    String correlationId) {

  public OidcAsk {
    roles = Set.copyOf(roles);
  }
}
