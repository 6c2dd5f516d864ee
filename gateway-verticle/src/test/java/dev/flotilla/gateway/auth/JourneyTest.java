package dev.flotilla.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.config.Secret;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JourneyTest {
  private static final Secret SECRET = new Secret("8b1c5d0f93ae27648b1c5d0f93ae2764e0");
  private static final Instant NOW = Instant.parse("2026-11-21T03:00:00Z");

  @Test
  void whatABrowserCarriesIsOpenedAgain() {
    Journey journey = Journey.begin("/tasks?a=1", NOW.plusSeconds(60));
    assertThat(Journey.open(journey.seal(SECRET), journey.state(), SECRET, NOW)).contains(journey);
    assertThat(journey.target()).isEqualTo("/tasks?a=1");
  }

  @Test
  void itEnds() {
    Journey journey = Journey.begin("/", NOW.plusSeconds(60));
    Instant later = NOW.plusSeconds(60);
    assertThat(Journey.open(journey.seal(SECRET), journey.state(), SECRET, later)).isEmpty();
  }

  @Test
  void ofAnotherStateOrSecretItIsNone() {
    Journey journey = Journey.begin("/", NOW.plusSeconds(60));
    String sealed = journey.seal(SECRET);
    Secret other = new Secret("0f93ae27648b1c5d0f93ae2764e08b1c5d");
    assertThat(Journey.open(sealed, "another", SECRET, NOW)).isEmpty();
    assertThat(Journey.open(sealed, null, SECRET, NOW)).isEmpty();
    assertThat(Journey.open(sealed, journey.state(), other, NOW)).isEmpty();
    assertThat(Journey.open("made up", journey.state(), SECRET, NOW)).isEmpty();
    assertThat(Journey.open(null, journey.state(), SECRET, NOW)).isEmpty();
  }

  @Test
  void nothingInItCanBeRead() {
    Journey journey = Journey.begin("/", NOW.plusSeconds(60));
    assertThat(journey.seal(SECRET)).doesNotContain(journey.verifier(), journey.nonce());
    assertThat(journey.challenge()).isNotEqualTo(journey.verifier());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"https://evil.example", "//evil.example", "/\\evil.example", "/a\"b", "/a b", ""})
  void itLeadsToPathsOfTheFleetOnly(String target) {
    assertThat(Journey.begin(target, NOW).target()).isEqualTo("/");
  }
}
