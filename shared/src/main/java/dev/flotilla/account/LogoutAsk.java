package dev.flotilla.account;

import dev.flotilla.identity.Principal;
import org.jspecify.annotations.Nullable;

/// A session is to end.
///
/// @param principal whose access token was shown, if one was
/// @param refreshToken the session's, where no access token was shown
/// @param byCookie true where a cookie brought the refresh token
/// @param csrf the session's second secret, as far as it was sent
public record LogoutAsk(
    @Nullable Principal principal,
    @Nullable String refreshToken,
    boolean byCookie,
    @Nullable String csrf,
    @Nullable String address,
    String correlationId) {

  @Override
  public String toString() {
    return "LogoutAsk[]";
  }
}
