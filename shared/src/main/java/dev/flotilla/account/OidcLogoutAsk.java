package dev.flotilla.account;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A provider has said that somebody has logged out there, and a gateway has checked that it did.
/// Subject or session are given, or both, and then both have to fit.
///
/// @param issuer the provider
/// @param subject who, by the provider's own name for them
/// @param session one of their sessions at the provider
/// @param token the name of what the provider has sent, so that it counts once
/// @param at when it was said: who logs in later stays
public record OidcLogoutAsk(
    String issuer,
    @Nullable String subject,
    @Nullable String session,
    String token,
    Instant at,
    @Nullable String address,
    String correlationId) {}
