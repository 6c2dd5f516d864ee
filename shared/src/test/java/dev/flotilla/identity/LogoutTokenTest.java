package dev.flotilla.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogoutTokenTest {
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");

  private static JsonObject claims() {
    return new JsonObject(
            """
            {"jti": "one", "sub": "u-1", "sid": "s-1",
             "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}
            """)
        .put("iat", NOW.getEpochSecond());
  }

  @Test
  void itSaysWhoHasLoggedOutAndWhere() {
    assertThat(LogoutToken.of(claims(), NOW)).contains(new LogoutToken("one", "u-1", "s-1", NOW));
    JsonObject sessionOnly = claims();
    sessionOnly.remove("sub");
    assertThat(LogoutToken.of(sessionOnly, NOW)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"jti", "iat", "events"})
  void withoutOneOfThemItIsNone(String name) {
    JsonObject claims = claims();
    claims.remove(name);
    assertThat(LogoutToken.of(claims, NOW)).isEmpty();
  }

  @Test
  void ofNobodyItIsNone() {
    JsonObject claims = claims();
    claims.remove("sub");
    claims.remove("sid");
    assertThat(LogoutToken.of(claims, NOW)).isEmpty();
  }

  @Test
  void anIdTokenIsNone() {
    assertThat(LogoutToken.of(claims().put("nonce", "n"), NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-301, 31})
  void ofAnotherTimeItIsNone(long seconds) {
    assertThat(LogoutToken.of(claims().put("iat", NOW.getEpochSecond() + seconds), NOW)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {-299, 29})
  void clocksMayDiffer(long seconds) {
    assertThat(LogoutToken.of(claims().put("iat", NOW.getEpochSecond() + seconds), NOW))
        .isPresent();
  }
}
