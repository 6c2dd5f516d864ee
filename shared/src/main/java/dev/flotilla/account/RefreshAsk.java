package dev.flotilla.account;

import org.jspecify.annotations.Nullable;

/// A refresh token wants its successor.
///
/// @param byCookie true where a cookie brought it: then the session's second secret is needed
/// @param csrf that secret, as far as it was sent
public record RefreshAsk(
    String refreshToken,
    boolean byCookie,
    @Nullable String csrf,
    @Nullable String address,
    String correlationId) {

  @Override
  public String toString() {
    return "RefreshAsk[]";
  }
}
