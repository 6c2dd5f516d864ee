package dev.flotilla.identity;

import dev.flotilla.config.Jwks;
import dev.flotilla.fault.FaultException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The ID tokens of an OpenID provider: they say who somebody is, to one client, once. Signature,
/// issuer, audience and time are checked as with all tokens, by keys that have one algorithm each.
public final class IdTokens {
  private final IssuerKeys keys;
  private final String clientId;
  private final Clock clock;

  /// @param keysUrl where the provider's public keys are
  public IdTokens(Vertx vertx, String keysUrl, String issuer, String clientId, Clock clock) {
    this.clientId = clientId;
    this.clock = clock;
    this.keys =
        new IssuerKeys(
            vertx,
            new Jwks(
                null,
                keysUrl,
                issuer,
                clientId,
                List.of(TrustedKey.RS256, TrustedKey.ES256, TrustedKey.EDDSA),
                List.of(),
                Duration.ofMinutes(5),
                Duration.ofSeconds(30)),
            clock);
  }

  /// The claims of a token that answers the question with this nonce. Fails with a
  /// [FaultException] only.
  public Future<JsonObject> verify(String token, String nonce) {
    return claims(token)
        .map(
            claims -> {
              require(claims, nonce);
              return claims.json();
            });
  }

  /// A token that says that somebody has logged out. Fails with a [FaultException] only.
  public Future<LogoutToken> verifyLogout(String token) {
    return claims(token)
        .map(claims -> LogoutToken.of(claims.json(), clock.instant()).orElseThrow(Claims::invalid));
  }

  private Future<Claims> claims(String token) {
    JwtHead head = JwtHead.of(token).orElse(null);
    return head == null
        ? Future.failedFuture(Claims.invalid())
        : keys.find(head).compose(fitting -> Tokens.check(fitting, token));
  }

  public void close() {
    keys.close();
  }

  private void require(Claims claims, String nonce) {
    boolean forUs =
        !(claims.json().getValue("aud") instanceof JsonArray all)
            || all.size() == 1
            || clientId.equals(claims.json().getValue("azp"));
    if (!forUs || claims.number("exp") == null || !nonce.equals(claims.json().getValue("nonce"))) {
      throw Claims.invalid();
    }
  }
}
