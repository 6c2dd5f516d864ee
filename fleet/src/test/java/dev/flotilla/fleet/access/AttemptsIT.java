package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/// Who guesses passwords is slowed down, whether there is such a user or not.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttemptsIT {
  private final House house =
      House.open(
          Map.of(
              "FLOTILLA_ACCOUNTS_USER_ATTEMPTS", "3", "FLOTILLA_ACCOUNTS_ADDRESS_ATTEMPTS", "0"));

  @AfterAll
  void close() {
    house.close();
  }

  @Test
  void aUserIsGuessedAtAFewTimesAMinuteOnly() {
    house.user("guessed", "alice", Role.OPERATOR);
    for (String name : new String[] {"alice", "nobody"}) {
      House.await(() -> house.login("guessed", name, "a guess").status() == 429);
      Rest.Answer limited = house.login("guessed", name, "a guess");
      assertThat(limited.status()).isIn(429, 401);
    }
    House.await(() -> house.login("guessed", "alice", "a guess").status() == 429);
    assertThat(house.meters.scrape())
        .containsPattern("auth_denied_total\\{.*reason=\"LOGIN_FAILED\".*\\} [1-9]");
  }

  @Test
  void othersLogInMeanwhile() {
    house.user("guessed", "bob", Role.OPERATOR);
    House.await(() -> house.login("guessed", "carol", "a guess").status() == 429);
    assertThat(house.login("guessed", "bob", House.PASSWORD).status()).isEqualTo(200);
  }
}
