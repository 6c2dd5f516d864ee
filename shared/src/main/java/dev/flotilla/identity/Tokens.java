package dev.flotilla.identity;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Issues and verifies the fleet's JWTs, and verifies those of another issuer: `exp` required,
/// `nbf` enforced, issuer and audience where configured (requirements R1-014..018, R4-003, R4-004).
///
/// The fleet's own are HS256, with the secret or one that it had before. What says another
/// algorithm can only be the other issuer's, whose keys are public: neither kind of key is ever
/// tried on the other kind of token.
public final class Tokens {
  /// Of the fleet's own clocks.
  private static final int LEEWAY_SECONDS = 1;

  private final TrustedKey signing;
  private final List<TrustedKey> own;
  private final IssuerKeys issuer;
  private final FleetConfig.Identity config;
  private final Clock clock;

  public Tokens(Vertx vertx, FleetConfig.Identity config, Clock clock) {
    this.config = config;
    this.clock = clock;
    JWTOptions expected = options().setLeeway(LEEWAY_SECONDS);
    this.signing = TrustedKey.ofSecret(vertx, config.secret().reveal(), expected);
    this.own =
        Stream.concat(
                Stream.of(signing),
                config.retiredSecrets().stream()
                    .map(old -> TrustedKey.ofSecret(vertx, old.reveal(), expected)))
            .toList();
    this.issuer = new IssuerKeys(vertx, config.jwks(), clock);
  }

  private JWTOptions options() {
    JWTOptions options = new JWTOptions().setAlgorithm(TrustedKey.HS256);
    if (config.issuer() != null) {
      options.setIssuer(config.issuer());
    }
    if (config.audience() != null) {
      options.addAudience(config.audience());
    }
    return options;
  }

  /// A token that stands alone: it ends by itself, or when its user is revoked.
  public String issue(TenantId tenant, UserId user, Collection<Role> roles, Duration lifetime) {
    return sign(claims(tenant, user, roles, lifetime));
  }

  /// An access token of a session, which ends with it.
  ///
  /// @param csrf what has to be shown beside it where a cookie carries it; null where none does
  public String issue(
      TenantId tenant,
      UserId user,
      Collection<Role> roles,
      Duration lifetime,
      String session,
      @Nullable String csrf) {
    JsonObject claims = claims(tenant, user, roles, lifetime).put(Claims.SESSION, session);
    if (csrf != null) {
      claims.put(Claims.CSRF, Ids.sha256(Claims.CSRF, csrf));
    }
    return sign(claims);
  }

  /// True where the token may be used from a cookie to change something: it asks for nothing beside
  /// it, or this is it. Of a token that has been verified.
  public static boolean allowsFromCookie(String token, @Nullable String shown) {
    Object wanted = Claims.unverified(token).json().getValue(Claims.CSRF);
    return wanted == null || (shown != null && Ids.sha256(Claims.CSRF, shown).equals(wanted));
  }

  private JsonObject claims(
      TenantId tenant, UserId user, Collection<Role> roles, Duration lifetime) {
    Instant now = clock.instant();
    return new JsonObject()
        .put("sub", user.value())
        .put("tenant_id", tenant.value())
        .put("user_id", user.value())
        .put("roles", new JsonArray(roles.stream().map(Role::wireName).toList()))
        .put("iat", now.getEpochSecond())
        .put(Claims.ISSUED_MS, now.toEpochMilli())
        .put("exp", now.plus(lifetime).getEpochSecond());
  }

  private String sign(JsonObject claims) {
    return signing.verifier().generateToken(claims, options().setNoTimestamp(true));
  }

  /// The principal that the token proves, or a failure with an AUTHENTICATION_FAILED fault that
  /// never says more than the holder of a bad token should know.
  public Future<Principal> verify(@Nullable String token) {
    if (token == null || token.isBlank()) {
      return Future.failedFuture(
          Fault.of(Reason.TOKEN_MISSING, "A token is required.").asException());
    }
    JwtHead head = JwtHead.of(token).orElse(null);
    if (head == null) {
      return Future.failedFuture(Claims.invalid());
    }
    if (head.algorithm().equals(TrustedKey.HS256)) {
      return check(own, token).map(Claims::own);
    }
    return issuer
        .find(head)
        .compose(keys -> check(keys, token))
        .map(claims -> claims.of(config.jwks().roles(), config.jwks().leeway()));
  }

  /// By the first key that has signed it.
  static Future<Claims> check(List<TrustedKey> keys, String token) {
    Future<User> checked = Future.failedFuture(Claims.invalid());
    for (TrustedKey key : keys) {
      checked =
          checked.recover(
              refusal ->
                  isOutsideItsTime(refusal)
                      ? Future.failedFuture(refusal)
                      : key.verifier().authenticate(new TokenCredentials(token)));
    }
    return checked
        .recover(refusal -> Future.failedFuture(explain(refusal, token)))
        .map(user -> user.attributes().getJsonObject("accessToken", user.principal()))
        .map(Claims::new);
  }

  /// The library says "expired" of everything that is outside its time, and only of tokens whose
  /// signature is right.
  private static boolean isOutsideItsTime(Throwable refusal) {
    return String.valueOf(refusal.getMessage()).contains("expired");
  }

  private static FaultException explain(Throwable refusal, String token) {
    if (!isOutsideItsTime(refusal)) {
      return Claims.invalid();
    }
    Long notBefore = Claims.unverified(token).number("nbf");
    return notBefore != null && notBefore > Instant.now().getEpochSecond()
        ? Fault.of(Reason.TOKEN_NOT_YET_VALID, "The token is not valid yet.").asException()
        : Fault.of(Reason.TOKEN_EXPIRED, "The token has expired.").asException();
  }
}
