package dev.flotilla.gateway.session;

import dev.flotilla.identity.Principal;
import org.jspecify.annotations.Nullable;

/// What the upgrade request said.
///
/// @param token the credential that it carried
/// @param principal who it is, where that was checked before the upgrade
/// @param forbidden true where its origin may not open sockets here
public record Arrival(@Nullable String token, @Nullable Principal principal, boolean forbidden) {}
