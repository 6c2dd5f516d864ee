package dev.flotilla.account;

import dev.flotilla.identity.Role;
import dev.flotilla.identity.TenantId;
import dev.flotilla.identity.UserId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A session that may have an access token now.
///
/// @param refreshToken good once
/// @param csrf what a browser has to show beside its cookie; null where there are no cookies
/// @param expiresAt when the session ends, whatever is refreshed
public record Grant(
    TenantId tenant,
    UserId user,
    Set<Role> roles,
    String session,
    String refreshToken,
    @Nullable String csrf,
    Instant expiresAt) {

  public Grant {
    roles = Set.copyOf(roles);
  }

  @Override
  public String toString() {
    return "Grant[" + tenant + "/" + user + " " + session + "]";
  }
}
