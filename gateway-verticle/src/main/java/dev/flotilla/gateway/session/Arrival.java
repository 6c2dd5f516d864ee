package dev.flotilla.gateway.session;

import dev.flotilla.gateway.wire.DeflateTerms;
import dev.flotilla.identity.Principal;
import org.jspecify.annotations.Nullable;

/// What the upgrade request said.
///
/// @param token the credential that it carried
/// @param principal who it is, where that was checked before the upgrade
/// @param forbidden true where its origin may not open sockets here
/// @param compression what was agreed on, null where messages are not compressed
public record Arrival(
    @Nullable String token,
    @Nullable Principal principal,
    boolean forbidden,
    @Nullable DeflateTerms compression) {}
