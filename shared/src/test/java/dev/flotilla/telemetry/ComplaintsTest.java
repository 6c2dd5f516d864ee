package dev.flotilla.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ComplaintsTest {
  private final Complaints<String> complaints = new Complaints<>();

  private boolean isNew(String about, String reason) {
    return complaints.isNew(about, new IllegalStateException(reason));
  }

  @Test
  void theSameReasonIsToldOnceInHoweverManyRounds() {
    assertThat(isNew("acme", "held")).isTrue();
    complaints.endOfRound();
    assertThat(isNew("acme", "held")).isFalse();
    complaints.endOfRound();
    assertThat(isNew("acme", "held")).isFalse();
  }

  @Test
  void anotherReasonAndAnotherThingAreNew() {
    assertThat(isNew("acme", "held")).isTrue();
    assertThat(isNew("acme", "broken")).isTrue();
    assertThat(isNew("other", "broken")).isTrue();
  }

  @Test
  void whatWentWellForARoundIsNewWhenItComesBack() {
    assertThat(isNew("acme", "held")).isTrue();
    complaints.endOfRound();
    complaints.endOfRound();
    assertThat(isNew("acme", "held")).isTrue();
  }
}
