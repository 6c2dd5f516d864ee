package dev.flotilla.gateway.auth;

import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.ApiKey;
import dev.flotilla.identity.Principal;
import dev.flotilla.identity.Tokens;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/// What a bearer's text is worth, whatever carried it: a token of the fleet or a key of a machine,
/// and neither if it was revoked.
public record Vouching(Tokens tokens, ApiKeys keys, Revocations revocations) {

  Future<Principal> verify(@Nullable String bearer) {
    Future<Principal> proven =
        bearer != null && ApiKey.looksLikeOne(bearer) ? keys.verify(bearer) : tokens.verify(bearer);
    return proven.map(revocations::require);
  }

  /// Of a request that changes something and has its credential in a cookie.
  ///
  /// @param csrf what the page has sent beside it
  Future<Principal> verifyCookie(String bearer, @Nullable Secret csrf) {
    return verify(bearer)
        .map(
            principal -> {
              if (!ApiKey.looksLikeOne(bearer)
                  && !Tokens.allowsFromCookie(bearer, csrf == null ? null : csrf.reveal())) {
                throw csrfRefused();
              }
              return principal;
            });
  }

  private static FaultException csrfRefused() {
    return Fault.of(Reason.CSRF_REFUSED, "A cookie counts only with its X-CSRF-Token.")
        .asException();
  }
}
