package dev.flotilla.command.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.flotilla.fault.FaultException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorTest {
  @Test
  void aCursorComesBackAsItWent() {
    assertThat(Cursor.parse("cursor", new Cursor(4711).text())).isEqualTo(new Cursor(4711));
  }

  @Test
  void withoutACursorTheNewestTaskIsFirst() {
    assertThat(Cursor.parse("cursor", null).position()).isEqualTo(Long.MAX_VALUE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "djE6",
        "djE6LTE",
        "djI6MTI",
        "!!",
        "djE6OTk5OTk5OTk5OTk5OTk5OTk5OTk"
      })
  void whatIsNoCursorOfOursIsRefused(String text) {
    FaultException refused =
        catchThrowableOfType(FaultException.class, () -> Cursor.parse("cursor", text));
    assertThat(refused.fault().field()).isEqualTo("cursor");
  }
}
