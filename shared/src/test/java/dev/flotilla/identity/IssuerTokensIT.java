package dev.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.flotilla.config.FleetConfig;
import dev.flotilla.config.Jwks;
import dev.flotilla.config.Oidc;
import dev.flotilla.config.Secret;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.testkit.Issuer;
import dev.flotilla.testkit.Issuer.Kind;
import dev.flotilla.testkit.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tokens of somebody else, with real keys that come over real HTTP or from a file.
class IssuerTokensIT {
  private static final Secret SECRET = new Secret("a secret that only tests use, 32 long");
  private static final Duration PATIENCE = Patience.LIMIT;

  private final Vertx vertx = Vertx.vertx();
  private final Issuer issuer = new Issuer();

  @AfterEach
  void close() {
    issuer.close();
    vertx.close().await();
  }

  @ParameterizedTest
  @EnumSource
  void aTokenOfEachAlgorithmProvesItsPrincipal(Kind kind) {
    Principal alice =
        tokens()
            .verify(issuer.sign(kind.name(), Issuer.claims("acme", "alice", "operator")))
            .await();
    assertThat(alice.tenant().value()).isEqualTo("acme");
    assertThat(alice.user().value()).isEqualTo("alice");
    assertThat(alice.scopes()).isEqualTo(Role.OPERATOR.scopes());
    assertThat(alice.proof().kind()).isEqualTo(Proof.Kind.TOKEN);
  }

  @Test
  void aTokenThatDoesNotNameItsKeyIsTriedOnAllOfItsAlgorithm() {
    issuer.add("another", Kind.RS256);
    JsonObject claims = Issuer.claims("acme", "alice", "operator");
    String unnamed = issuer.sign(Issuer.head(Kind.RS256), claims, "another");
    assertThat(tokens().verify(unnamed).await().user().value()).isEqualTo("alice");
  }

  @Test
  void itGivesNoRoleThatItMayNotAndKnowsNothingOfOurSessions() {
    JsonObject claims =
        Issuer.claims("acme", "alice", "platform")
            .put("sid", "a session of somebody")
            .put("iat_ms", Long.MAX_VALUE)
            .put("scopes", new JsonArray().add("fleet.admin").add("tasks.read"));
    Principal alice = tokens().verify(issuer.sign("ES256", claims)).await();
    assertThat(alice.roles()).isEmpty();
    assertThat(alice.scopes()).isEmpty();
    assertThat(alice.proof().id()).isNull();
    claims.remove("roles");
    Principal scoped = tokens().verify(issuer.sign("ES256", claims)).await();
    assertThat(scoped.scopes()).containsExactly(Scope.TASKS_READ);
  }

  @Test
  void aNewKeyIsFoundAndAnOldOneIsGoodUntilItIsTakenOut() {
    Tokens tokens = tokens();
    String old = issuer.sign("RS256", Issuer.claims("acme", "alice", "operator"));
    assertThat(tokens.verify(old).await().user().value()).isEqualTo("alice");
    issuer.add("next", Kind.RS256);
    String next = issuer.sign("next", Issuer.claims("acme", "bob", "operator"));
    await().atMost(PATIENCE).until(() -> refusal(tokens, next) == null);
    assertThat(refusal(tokens, old)).isNull();
    issuer.takeOut("RS256");
    await().atMost(PATIENCE).until(() -> refusal(tokens, old) == Reason.TOKEN_INVALID);
    assertThat(refusal(tokens, next)).isNull();
  }

  @Test
  void theKeysThatAreKnownStayGoodWhileTheIssuerIsAway() {
    Tokens tokens = tokens();
    String token = issuer.sign("RS256", Issuer.claims("acme", "alice", "operator"));
    assertThat(refusal(tokens, token)).isNull();
    issuer.away(true);
    int before = issuer.asked();
    await().atMost(PATIENCE).until(() -> refusal(tokens, token) == null && issuer.asked() > before);
    assertThat(refusal(tokens(), token)).isEqualTo(Reason.UNAVAILABLE);
  }

  @Test
  void strangersDoNotMakeUsAskTheIssuerAgainAndAgain() {
    Tokens tokens = tokens();
    JsonObject head = Issuer.head(Kind.RS256);
    for (int i = 0; i < 50; i++) {
      JsonObject claims = Issuer.claims("acme", "alice", "operator");
      String strange = issuer.sign(head.put("kid", "made up " + i), claims, "RS256");
      assertThat(refusal(tokens, strange)).isEqualTo(Reason.TOKEN_INVALID);
    }
    assertThat(issuer.asked()).isLessThan(50);
  }

  @Test
  void keysThatAreWeakOrForSomethingElseAreNotTaken() {
    JsonObject claims = Issuer.claims("acme", "alice", "operator");
    var weak = Kind.RS256.pair(1024);
    issuer.publish(Issuer.jwk("weak", Kind.RS256, weak.getPublic()));
    String signed =
        Issuer.sign(
            Issuer.head(Kind.RS256).put("kid", "weak"), claims, Kind.RS256, weak.getPrivate());
    assertThat(refusal(tokens(), signed)).isEqualTo(Reason.TOKEN_INVALID);
    issuer.add("sealing", Kind.RS256);
    issuer.publish(
        Issuer.jwk("sealing", Kind.RS256, issuer.publicKey("sealing")).put("use", "enc"));
    assertThat(refusal(tokens(), issuer.sign("sealing", claims))).isEqualTo(Reason.TOKEN_INVALID);
    issuer.publish(
        new JsonObject()
            .put("kid", "shared")
            .put("kty", "oct")
            .put("k", "c2VjcmV0")
            .put("alg", "HS256"));
    assertThat(refusal(tokens(), issuer.sign("RS256", claims))).isNull();
  }

  @Test
  void anAlgorithmThatIsNotInTheListIsNotTaken() {
    Tokens strict = tokens(config(null, issuer.url(), List.of("ES256")));
    JsonObject claims = Issuer.claims("acme", "alice", "operator");
    assertThat(refusal(strict, issuer.sign("ES256", claims))).isNull();
    assertThat(refusal(strict, issuer.sign("RS256", claims))).isEqualTo(Reason.TOKEN_INVALID);
  }

  @Test
  void theClockOfTheIssuerMayDifferALittle() {
    long now = java.time.Instant.now().getEpochSecond();
    JsonObject claims = Issuer.claims("acme", "alice", "operator");
    assertThat(refusal(tokens(), issuer.sign("RS256", claims.copy().put("exp", now - 10))))
        .isNull();
    assertThat(refusal(tokens(), issuer.sign("RS256", claims.copy().put("nbf", now + 10))))
        .isNull();
    assertThat(refusal(tokens(), issuer.sign("RS256", claims.copy().put("exp", now - 60))))
        .isEqualTo(Reason.TOKEN_EXPIRED);
    assertThat(refusal(tokens(), issuer.sign("RS256", claims.copy().put("nbf", now + 60))))
        .isEqualTo(Reason.TOKEN_NOT_YET_VALID);
  }

  @Test
  void keysCanComeFromAFileToo(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("keys.json"), issuer.jwks());
    Tokens tokens = tokens(config(file.toString(), null, List.of("RS256", "EdDSA")));
    String token = issuer.sign("EdDSA", Issuer.claims("acme", "alice", "operator"));
    assertThat(refusal(tokens, token)).isNull();
    issuer.takeOut("EdDSA");
    Files.writeString(file, issuer.jwks());
    await().atMost(PATIENCE).until(() -> refusal(tokens, token) == Reason.TOKEN_INVALID);
  }

  @Test
  void anOldSecretIsGoodUntilItIsRemoved() {
    Secret next = new Secret("the next secret, which is 32 long too");
    FleetConfig.Identity before = new FleetConfig.Identity(SECRET, null, null);
    String old =
        new Tokens(vertx, before, Clock.systemUTC())
            .issue(
                new TenantId("acme"),
                new UserId("alice"),
                List.of(Role.VIEWER),
                Duration.ofMinutes(5));
    FleetConfig.Identity changing =
        new FleetConfig.Identity(next, List.of(SECRET), null, null, Jwks.NONE, Oidc.NONE);
    assertThat(refusal(new Tokens(vertx, changing, Clock.systemUTC()), old)).isNull();
    FleetConfig.Identity after = new FleetConfig.Identity(next, null, null);
    assertThat(refusal(new Tokens(vertx, after, Clock.systemUTC()), old))
        .isEqualTo(Reason.TOKEN_INVALID);
  }

  private Tokens tokens() {
    return tokens(config(null, issuer.url(), List.of("RS256", "ES256", "EdDSA")));
  }

  private Tokens tokens(Jwks jwks) {
    return new Tokens(
        vertx,
        new FleetConfig.Identity(SECRET, List.of(), null, null, jwks, Oidc.NONE),
        Clock.systemUTC());
  }

  private static Jwks config(@Nullable String file, @Nullable String url, List<String> algorithms) {
    return new Jwks(
        file,
        url,
        Issuer.NAME,
        Issuer.AUDIENCE,
        algorithms,
        List.of(Role.VIEWER, Role.OPERATOR),
        Duration.ofSeconds(1),
        Duration.ofSeconds(30));
  }

  private static @Nullable Reason refusal(Tokens tokens, String token) {
    Throwable refusal = catchThrowable(() -> tokens.verify(token).await());
    if (refusal == null) {
      return null;
    }
    assertThat(refusal).isInstanceOf(FaultException.class);
    Fault fault = Objects.requireNonNull(FaultException.in(refusal));
    return fault.reason();
  }
}
