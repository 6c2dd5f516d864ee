package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.dispatch.RunText;
import dev.flotilla.registry.link.openclaw.Speech.Piece;
import org.junit.jupiter.api.Test;

class SpeechTest {
  private final Speech speech = new Speech(false);

  @Test
  void aPieceBeginsWhereTheTextEnded() {
    assertThat(speech.hear("run", "w0")).isEqualTo(new Piece(0, "w0"));
    assertThat(speech.hear("run", "w0 w1")).isEqualTo(new Piece(2, " w1"));
    assertThat(speech.text(3)).isEqualTo(new RunText(3, "w0 w1", 5, false));
  }

  @Test
  void whatWasMissedComesWithTheNextEvent() {
    speech.hear("run", "w0");
    assertThat(speech.hear("run", "w0 w1 w2")).isEqualTo(new Piece(2, " w1 w2"));
  }

  @Test
  void whatIsOlderThanTheLastEventSaysNothing() {
    speech.hear("run", "w0 w1 w2");
    assertThat(speech.hear("run", "w0 w1 w2")).isNull();
    assertThat(speech.hear("run", "w0 w1")).isNull();
    assertThat(speech.text(1).text()).isEqualTo("w0 w1 w2");
  }

  @Test
  void wordsThatWereTakenBackAreReplaced() {
    speech.hear("run", "too much");
    assertThat(speech.hear("run", "too few")).isEqualTo(new Piece(4, "few"));
    assertThat(speech.text(1).nextIndex()).isEqualTo(7);
  }

  @Test
  void aRunThatGoesOnUnderAnotherIdBeginsItsTextAnew() {
    speech.hear("run", "w0 w1");
    assertThat(speech.hear("resumed", "w0")).isEqualTo(new Piece(0, "w0"));
    assertThat(speech.text(1).text()).isEqualTo("w0");
  }

  @Test
  void noPieceBeginsOrEndsWithinACharacter() {
    assertThat(speech.hear("run", "a\uFFFD")).isEqualTo(new Piece(0, "a"));
    assertThat(speech.hear("run", "a\uD83D")).isNull();
    assertThat(speech.hear("run", "a\uD83D\uDE00")).isEqualTo(new Piece(1, "\uD83D\uDE00"));
    assertThat(speech.hear("run", "a\uD83D\uDE01")).isEqualTo(new Piece(1, "\uD83D\uDE01"));
  }

  @Test
  void anotherAttemptHearsEverythingAgain() {
    assertThat(speech.again()).isNull();
    speech.hear("run", "w0");
    speech.hear("run", "w0 w1");
    assertThat(speech.again()).isEqualTo(new Piece(0, "w0 w1"));
  }

  @Test
  void aNewOwnerKnowsNothingUntilTheInstanceHasTold() {
    Speech adopted = new Speech(true);
    assertThat(adopted.text(1)).isEqualTo(RunText.unknown(1));
    adopted.hear("run", "w0 w1");
    assertThat(adopted.text(1).partial()).isFalse();
    Speech silent = new Speech(true);
    silent.nothingMore();
    assertThat(silent.text(1)).isEqualTo(new RunText(1, "", 0, false));
  }

  @Test
  void aTextBeyondTheLimitIsToldUpToIt() {
    String much = "x".repeat(Speech.LIMIT - 1) + "\uD83D\uDE00 and more";
    Piece piece = speech.hear("run", much);
    assertThat(piece).isNotNull().extracting(Piece::text).isEqualTo("x".repeat(Speech.LIMIT - 1));
    assertThat(speech.hear("run", much + " and more")).isNull();
    assertThat(speech.text(1).nextIndex()).isEqualTo(Speech.LIMIT - 1);
  }

  @Test
  void aTextWithoutItsBeginningIsNotToldAndLeavesTheRestPartial() {
    Speech adopted = new Speech(true);
    assertThat(adopted.hear("run", "x".repeat(500_000))).isNull();
    assertThat(adopted.text(1)).isEqualTo(RunText.unknown(1));
  }
}
