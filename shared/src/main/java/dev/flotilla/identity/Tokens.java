package dev.flotilla.identity;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.User;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Issues and verifies the fleet's JWTs: HS256, `exp` required, `nbf` enforced, issuer and audience
/// where configured (requirements R1-014..018, R4-003, R4-004).
public final class Tokens {
  private static final String ALGORITHM = "HS256";
  private static final String SESSION = "sid";
  private static final String CSRF = "csrf";
  private static final String ISSUED_MS = "iat_ms";

  private final JWTAuth jwt;
  private final FleetConfig.Identity config;
  private final Clock clock;

  public Tokens(Vertx vertx, FleetConfig.Identity config, Clock clock) {
    this.config = config;
    this.clock = clock;
    this.jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(
                    new PubSecKeyOptions()
                        .setAlgorithm(ALGORITHM)
                        .setBuffer(config.secret().reveal()))
                .setJWTOptions(expected(config)));
  }

  private static JWTOptions expected(FleetConfig.Identity config) {
    JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setLeeway(0);
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
    JsonObject claims = claims(tenant, user, roles, lifetime).put(SESSION, session);
    if (csrf != null) {
      claims.put(CSRF, Ids.sha256(CSRF, csrf));
    }
    return sign(claims);
  }

  /// True where the token may be used from a cookie to change something: it asks for nothing beside
  /// it, or this is it. Of a token that has been verified.
  public static boolean allowsFromCookie(String token, @Nullable String shown) {
    Object wanted = claimsOf(token).getValue(CSRF);
    return wanted == null || (shown != null && Ids.sha256(CSRF, shown).equals(wanted));
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
        .put(ISSUED_MS, now.toEpochMilli())
        .put("exp", now.plus(lifetime).getEpochSecond());
  }

  private String sign(JsonObject claims) {
    JWTOptions options = new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true);
    if (config.issuer() != null) {
      options.setIssuer(config.issuer());
    }
    if (config.audience() != null) {
      options.addAudience(config.audience());
    }
    return jwt.generateToken(claims, options);
  }

  /// The principal that the token proves, or a failure with an AUTHENTICATION_FAILED fault that
  /// never says more than the holder of a bad token should know.
  public Future<Principal> verify(@Nullable String token) {
    if (token == null || token.isBlank()) {
      return Future.failedFuture(
          Fault.of(Reason.TOKEN_MISSING, "A token is required.").asException());
    }
    return jwt.authenticate(new TokenCredentials(token))
        .recover(refusal -> Future.failedFuture(explain(refusal, token)))
        .map(this::principal);
  }

  /// The library says "expired" of everything that is outside its time, so the claims are asked. It
  /// says so only of tokens whose signature is right.
  private FaultException explain(Throwable refusal, String token) {
    if (!String.valueOf(refusal.getMessage()).contains("expired")) {
      return invalid();
    }
    Long notBefore = longOf(claimsOf(token).getValue("nbf"));
    return notBefore != null && notBefore > clock.instant().getEpochSecond()
        ? Fault.of(Reason.TOKEN_NOT_YET_VALID, "The token is not valid yet.").asException()
        : Fault.of(Reason.TOKEN_EXPIRED, "The token has expired.").asException();
  }

  private static JsonObject claimsOf(String token) {
    byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new JsonObject(Buffer.buffer(claims));
  }

  private Principal principal(User user) {
    JsonObject claims = user.attributes().getJsonObject("accessToken", user.principal());
    Long expires = longOf(claims.getValue("exp"));
    String tenant = textOf(claims.getValue("tenant_id"));
    String name = textOf(claims.getValue("user_id"));
    if (expires == null || tenant == null || name == null) {
      throw invalid();
    }
    if (!Ids.isValid(tenant) || !Ids.isValid(name) || ApiKey.isUser(new UserId(name))) {
      throw invalid();
    }
    Set<Role> roles = EnumSet.noneOf(Role.class);
    texts(claims.getValue("roles")).flatMap(text -> Role.named(text).stream()).forEach(roles::add);
    return new Principal(
        new TenantId(tenant),
        new UserId(name),
        roles,
        scopes(roles, claims.getValue("scopes")),
        Instant.ofEpochSecond(expires),
        proof(claims));
  }

  /// Seconds are too coarse to tell what came before a revocation from what came after: tokens of
  /// the fleet say milliseconds, too. A token that does not say when it was issued is older than
  /// every revocation.
  private static Proof proof(JsonObject claims) {
    Long seconds = longOf(claims.getValue("iat"));
    Long millis = longOf(claims.getValue(ISSUED_MS));
    Instant issued =
        millis == null
            ? Instant.ofEpochSecond(seconds == null ? 0 : seconds)
            : Instant.ofEpochMilli(millis);
    String session = textOf(claims.getValue(SESSION));
    return new Proof(session == null ? Proof.Kind.TOKEN : Proof.Kind.SESSION, session, issued);
  }

  /// Roles grant scopes; a `scopes` claim narrows what the roles grant, or stands alone where the
  /// token names no role.
  private static Set<Scope> scopes(Set<Role> roles, @Nullable Object claim) {
    Set<Scope> granted = EnumSet.noneOf(Scope.class);
    roles.forEach(role -> granted.addAll(role.scopes()));
    if (claim == null) {
      return granted;
    }
    Set<Scope> named = EnumSet.noneOf(Scope.class);
    texts(claim).flatMap(text -> Scope.named(text).stream()).forEach(named::add);
    if (!roles.isEmpty()) {
      named.retainAll(granted);
    }
    return named;
  }

  private static FaultException invalid() {
    return Fault.of(Reason.TOKEN_INVALID, "The token is not one of this fleet.").asException();
  }

  private static @Nullable Long longOf(@Nullable Object value) {
    return value instanceof Number number ? Long.valueOf(number.longValue()) : null;
  }

  private static @Nullable String textOf(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }

  private static Stream<String> texts(@Nullable Object value) {
    return switch (value) {
      case JsonArray array ->
          array.stream().filter(String.class::isInstance).map(String.class::cast);
      case String text -> Stream.of(text.split(" "));
      case null, default -> Stream.empty();
    };
  }
}
