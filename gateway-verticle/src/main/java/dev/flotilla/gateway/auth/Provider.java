package dev.flotilla.gateway.auth;

import dev.flotilla.config.Oidc;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.IdTokens;
import dev.flotilla.identity.LogoutToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.auth.oauth2.OAuth2Auth;
import io.vertx.ext.auth.oauth2.OAuth2AuthorizationURL;
import io.vertx.ext.auth.oauth2.OAuth2FlowType;
import io.vertx.ext.auth.oauth2.OAuth2Options;
import io.vertx.ext.auth.oauth2.Oauth2Credentials;
import io.vertx.ext.auth.oauth2.providers.OpenIDConnectAuth;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An OpenID provider, as one event loop asks it: authorization code with PKCE. It is looked up
/// when the first person comes, so that a node starts without it; what cannot be looked up is
/// looked up again for the next.
public final class Provider {
  private static final Logger LOG = LoggerFactory.getLogger(Provider.class);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
  private static final long ANSWER_MS = 10_000;

  private record Known(OAuth2Auth client, IdTokens idTokens) {}

  private final Vertx vertx;
  private final Oidc config;
  private final Clock clock;
  private @Nullable Future<Known> known;

  public Provider(Vertx vertx, Oidc config, Clock clock) {
    this.vertx = vertx;
    this.config = config;
    this.clock = clock;
  }

  /// Where the browser is to go.
  public Future<String> entrance(Journey journey) {
    return known()
        .map(
            provider ->
                provider
                    .client()
                    .authorizeURL(
                        new OAuth2AuthorizationURL()
                            .setRedirectUri(callback())
                            .setScopes(config.scopes())
                            .setState(journey.state())
                            .setCodeChallenge(journey.challenge())
                            .setCodeChallengeMethod("S256")
                            .putAdditionalParameter("nonce", journey.nonce())));
  }

  /// Who came back with the code. Fails with a [FaultException] only.
  public Future<Whom> identify(String code, Journey journey) {
    return known()
        .compose(
            provider ->
                provider
                    .client()
                    .authenticate(
                        new Oauth2Credentials()
                            .setFlow(OAuth2FlowType.AUTH_CODE)
                            .setCode(code)
                            .setCodeVerifier(journey.verifier())
                            .setRedirectUri(callback()))
                    .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
                    .recover(failure -> Future.failedFuture(refused(failure)))
                    .map(user -> String.valueOf(user.principal().getString("id_token")))
                    .compose(token -> provider.idTokens().verify(token, journey.nonce())))
        .map(claims -> Whom.of(claims, config));
  }

  /// What a token tells that says that somebody has logged out there. Fails with a
  /// [FaultException] only.
  public Future<LogoutToken> loggedOut(String token) {
    return known().compose(provider -> provider.idTokens().verifyLogout(token));
  }

  /// Asks nobody any more; what was asked is answered or fails.
  public void close() {
    Future<Known> asked = known;
    known = null;
    if (asked != null) {
      asked.onSuccess(
          provider -> {
            provider.client().close();
            provider.idTokens().close();
          });
    }
  }

  private String callback() {
    return Objects.requireNonNull(config.callback());
  }

  private Future<Known> known() {
    Future<Known> asked = known;
    if (asked != null && !asked.failed()) {
      return asked;
    }
    OAuth2Options options =
        new OAuth2Options().setSite(config.issuer()).setClientId(config.clientId());
    Secret secret = config.clientSecret();
    if (secret != null) {
      options.setClientSecret(secret.reveal());
    }
    Future<Known> asking =
        OpenIDConnectAuth.discover(vertx, options)
            .timeout(ANSWER_MS, TimeUnit.MILLISECONDS)
            .map(
                client ->
                    new Known(
                        client,
                        new IdTokens(
                            vertx,
                            options.getJwkPath(),
                            String.valueOf(config.issuer()),
                            String.valueOf(config.clientId()),
                            clock)))
            .recover(failure -> Future.failedFuture(away(failure)));
    known = asking;
    return asking;
  }

  private FaultException away(Throwable failure) {
    LOG.warn("the provider {} cannot be looked up: {}", config.issuer(), failure.getMessage());
    return Fault.unavailable("The provider", RETRY_AFTER).asException();
  }

  /// What the provider says about a code is for its log and ours, not for who has brought it.
  private FaultException refused(Throwable failure) {
    LOG.info("{} does not take a code: {}", config.issuer(), failure.getMessage());
    return Fault.of(Reason.LOGIN_FAILED, "The provider does not vouch for you.").asException();
  }
}
