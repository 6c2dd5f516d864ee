package dev.flotilla.command.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.flotilla.fault.FaultException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTest {

  @Test
  void withoutOneTheLogIsReadFromItsBeginning() {
    assertThat(Since.parse(null)).isEqualTo(new Since.Beginning());
  }

  @Test
  void aPositionIsASeqWithOrWithoutItsLog() {
    assertThat(Since.parse("42@9b2f")).isEqualTo(new Since.Place(42, "9b2f"));
    assertThat(Since.parse("0")).isEqualTo(new Since.Place(0, null));
    assertThat(Since.parse("99999999")).isEqualTo(new Since.Place(99_999_999, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1763631000",
        "1763631000000",
        "2025-11-20T09:30:00Z",
        "2025-11-20T10:30:00+01:00",
        "2025-11-20T09:30:00.000Z"
      })
  void aTimeIsTheSameInEveryForm(String text) {
    assertThat(Since.parse(text)).isEqualTo(new Since.Time(Instant.ofEpochSecond(1763631000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "yesterday",
        "-1",
        "1.5",
        "@9b2f",
        "42@",
        "2025-11-20",
        "2025-11-20T09:30:00",
        "253402300800000",
        "99999999999999999"
      })
  void whatIsNeitherIsRefused(String text) {
    assertThatThrownBy(() -> Since.parse(text))
        .isInstanceOfSatisfying(
            FaultException.class,
            refused -> assertThat(refused.fault().field()).isEqualTo("since"));
  }
}
