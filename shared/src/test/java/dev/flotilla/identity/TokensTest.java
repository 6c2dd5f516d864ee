package dev.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  private static final String SECRET = "a secret that only tests use, 32 long";
  private static final String OTHER = "another secret that is just as long..";
  private static final TenantId ACME = new TenantId("acme");
  private static final UserId ALICE = new UserId("alice");

  private static Vertx vertx;

  @BeforeAll
  static void open() {
    vertx = Vertx.vertx();
  }

  @AfterAll
  static void close() {
    vertx.close().await();
  }

  @Test
  void aTokenOfThisFleetProvesItsPrincipal() {
    Tokens tokens = tokens(null, null);
    Principal principal =
        tokens
            .verify(tokens.issue(ACME, ALICE, List.of(Role.OPERATOR), Duration.ofHours(1)))
            .await();
    assertThat(principal.tenant()).isEqualTo(ACME);
    assertThat(principal.user()).isEqualTo(ALICE);
    assertThat(principal.roles()).containsExactly(Role.OPERATOR);
    assertThat(principal.scopes()).isEqualTo(Role.OPERATOR.scopes());
    assertThat(principal.expiresAt()).isAfter(Instant.now());
  }

  @Test
  void noTokenIsAskedFor() {
    assertThat(refusal(null)).isEqualTo(Reason.TOKEN_MISSING);
    assertThat(refusal(" ")).isEqualTo(Reason.TOKEN_MISSING);
  }

  @Test
  void anExpiredTokenIsRefused() {
    assertThat(refusal(signed("HS256", SECRET, claims().put("exp", now() - 2))))
        .isEqualTo(Reason.TOKEN_EXPIRED);
  }

  @Test
  void aTokenBeforeItsTimeIsRefused() {
    assertThat(refusal(signed("HS256", SECRET, claims().put("nbf", now() + 60))))
        .isEqualTo(Reason.TOKEN_NOT_YET_VALID);
  }

  @Test
  void aTokenAfterItsNotBeforeIsAccepted() {
    assertThat(
            tokens(null, null)
                .verify(signed("HS256", SECRET, claims().put("nbf", now() - 60)))
                .await()
                .tenant())
        .isEqualTo(ACME);
  }

  @Test
  void aTokenWithoutASignatureIsRefused() {
    String head = encode(new JsonObject().put("alg", "none").put("typ", "JWT"));
    String body = encode(claims());
    assertThat(refusal(head + "." + body + ".")).isEqualTo(Reason.TOKEN_INVALID);
    assertThat(refusal(head + "." + body)).isEqualTo(Reason.TOKEN_INVALID);
  }

  @Test
  void aTokenSignedWithAnotherSecretIsRefused() {
    assertThat(refusal(signed("HS256", OTHER, claims()))).isEqualTo(Reason.TOKEN_INVALID);
  }

  @Test
  void aTokenSignedWithAnotherAlgorithmIsRefused() {
    assertThat(refusal(signed("HS384", SECRET, claims()))).isEqualTo(Reason.TOKEN_INVALID);
    assertThat(refusal(signed("HS512", SECRET, claims()))).isEqualTo(Reason.TOKEN_INVALID);
  }

  @Test
  void aTokenWhoseClaimsWereChangedIsRefused() {
    String[] parts = signed("HS256", SECRET, claims()).split("\\.", -1);
    String forged = parts[0] + "." + encode(claims().put("tenant_id", "globex")) + "." + parts[2];
    assertThat(refusal(forged)).isEqualTo(Reason.TOKEN_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "tenant_id", "user_id"})
  void aTokenWithoutARequiredClaimIsRefused(String claim) {
    JsonObject claims = claims();
    claims.remove(claim);
    assertThat(refusal(signed("HS256", SECRET, claims))).isEqualTo(Reason.TOKEN_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "*", "a/b"})
  void aTenantThatIsNoIdIsRefused(String tenant) {
    assertThat(refusal(signed("HS256", SECRET, claims().put("tenant_id", tenant))))
        .isEqualTo(Reason.TOKEN_INVALID);
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "a.b.c", "..", "eyJhbGciOiJIUzI1NiJ9..", "%%%.%%%.%%%"})
  void garbageIsRefused(String token) {
    assertThat(refusal(token)).isEqualTo(Reason.TOKEN_INVALID);
  }

  @Test
  void aTokenOfAForeignIssuerOrAudienceIsRefused() {
    Tokens strict = tokens("https://id.acme.test", "flotilla");
    assertThat(refusal(strict, signed("HS256", SECRET, claims()))).isEqualTo(Reason.TOKEN_INVALID);
    assertThat(
            refusal(
                strict,
                signed(
                    "HS256",
                    SECRET,
                    claims().put("iss", "https://evil.test").put("aud", List.of("flotilla")))))
        .isEqualTo(Reason.TOKEN_INVALID);
    assertThat(
            refusal(
                strict,
                signed(
                    "HS256",
                    SECRET,
                    claims().put("iss", "https://id.acme.test").put("aud", List.of("other")))))
        .isEqualTo(Reason.TOKEN_INVALID);
    String right = strict.issue(ACME, ALICE, List.of(Role.VIEWER), Duration.ofMinutes(1));
    assertThat(strict.verify(right).await().user()).isEqualTo(ALICE);
  }

  @Test
  void scopesNarrowWhatTheRolesGrant() {
    Principal principal =
        tokens(null, null)
            .verify(
                signed(
                    "HS256",
                    SECRET,
                    claims()
                        .put("roles", List.of("viewer"))
                        .put("scopes", List.of("tasks.read", "fleet.admin"))))
            .await();
    assertThat(principal.scopes()).containsExactly(Scope.TASKS_READ);
  }

  @Test
  void anUnknownRoleGrantsNothing() {
    Principal principal =
        tokens(null, null)
            .verify(signed("HS256", SECRET, claims().put("roles", List.of("emperor"))))
            .await();
    assertThat(principal.roles()).isEmpty();
    assertThat(principal.scopes()).isEmpty();
  }

  private static Tokens tokens(@Nullable String issuer, @Nullable String audience) {
    return new Tokens(
        vertx, new FleetConfig.Identity(new Secret(SECRET), issuer, audience), Clock.systemUTC());
  }

  private static Reason refusal(@Nullable String token) {
    return refusal(tokens(null, null), token);
  }

  private static Reason refusal(Tokens tokens, @Nullable String token) {
    Throwable refusal = catchThrowable(() -> tokens.verify(token).await());
    assertThat(refusal).isInstanceOf(FaultException.class);
    Fault fault = Objects.requireNonNull(FaultException.in(refusal));
    assertThat(fault.code()).isEqualTo(FaultCode.AUTHENTICATION_FAILED);
    return fault.reason();
  }

  private static JsonObject claims() {
    return new JsonObject()
        .put("tenant_id", "acme")
        .put("user_id", "alice")
        .put("roles", List.of("operator"))
        .put("exp", now() + 600);
  }

  private static long now() {
    return Instant.now().getEpochSecond();
  }

  /// Signs by hand, so that the library under test is not its own judge.
  private static String signed(String algorithm, String secret, JsonObject claims) {
    String signing =
        encode(new JsonObject().put("alg", algorithm).put("typ", "JWT")) + "." + encode(claims);
    try {
      Mac mac = Mac.getInstance(algorithm.replace("HS", "HmacSHA"));
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "raw"));
      return signing + "." + base64(mac.doFinal(signing.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException absent) {
      throw new IllegalStateException(absent);
    }
  }

  private static String encode(JsonObject json) {
    return base64(json.encode().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
