package dev.flotilla.command.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Argon2Test {
  private static final Argon2 CHEAP = new Argon2(64, 1, 1);

  @Test
  void itIsTheArgon2idOfTheReferenceImplementation() {
    String reference =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    assertThat(Argon2.verify("password", reference)).isTrue();
    assertThat(Argon2.verify("Password", reference)).isFalse();
  }

  @Test
  void aPasswordIsVerifiedAndHasAnotherHashEachTime() {
    String hash = CHEAP.hash("pässword ✓");
    assertThat(Argon2.verify("pässword ✓", hash)).isTrue();
    assertThat(Argon2.verify("password ✓", hash)).isFalse();
    assertThat(CHEAP.hash("pässword ✓")).isNotEqualTo(hash);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain text",
        "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
      })
  void aHashThatIsNotOursIsNoHash(String stored) {
    assertThatThrownBy(() -> Argon2.verify("password", stored))
        .isInstanceOf(IllegalStateException.class);
  }
}
