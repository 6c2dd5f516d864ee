package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.wire.Json;
import org.junit.jupiter.api.Test;

class CleanTextTest {
  @Test
  void whatJsonbRefusesIsTakenOutAndTheRestIsKept() {
    assertThat(CleanText.of("a\0b")).isEqualTo("ab");
    assertThat(CleanText.of("a\uD83D")).isEqualTo("a\uFFFD");
    assertThat(CleanText.of("\uDE00b")).isEqualTo("\uFFFDb");
    assertThat(CleanText.of("\uD83D\uDE00\0")).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void everyTextInATreeIsCleaned() {
    JsonNode frame =
        Json.read(
            "{\"a\":[\"x\\u0000\",{\"b\":\"\\uD83D\",\"n\":1}],\"c\":null,\"d\":\"ok\"}",
            JsonNode.class);
    assertThat(CleanText.in(frame).toString())
        .isEqualTo("{\"a\":[\"x\",{\"b\":\"\uFFFD\",\"n\":1}],\"c\":null,\"d\":\"ok\"}");
    assertThat(CleanText.in(Json.tree("\0")).textValue()).isEmpty();
  }
}
