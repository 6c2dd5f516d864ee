package dev.flotilla.fleet.bench.wire.contender;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.wire.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchEventTest {
  @ParameterizedTest
  @ValueSource(longs = {1_000_000_000L, 1_000_000_123L, 9_999_999_999L})
  void everyEventIsJsonOfTheSameLengthWithItsNumber(long number) throws JsonProcessingException {
    String text = BenchEvent.text(number);
    assertThat(text).hasSize(BenchEvent.BYTES);
    assertThat(Json.MAPPER.readTree(text).path("n").asLong()).isEqualTo(number);
  }

  @ParameterizedTest
  @ValueSource(longs = {1_000_000_007L, 1_999_999_999L})
  void aPublicationCarriesExactlyTheEvent(long number) {
    Publication publication =
        new Publication(Opcode.TEXT, "PUB " + BenchEvent.text(BenchEvent.FIRST) + "!");
    assertThat(publication.text(number)).isEqualTo("PUB " + BenchEvent.text(number) + "!");
  }
}
