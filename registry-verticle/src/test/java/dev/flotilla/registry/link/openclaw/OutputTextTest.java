package dev.flotilla.registry.link.openclaw;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.wire.Json;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OutputTextTest {
  private final OutputText output = new OutputText();

  private static JsonNode item(String id, String text) {
    return Json.tree(Map.of("itemId", id, "text", text));
  }

  @Test
  void whatWasMissedComesWithTheNextEvent() {
    assertThat(output.advance(item("1", "w0"))).isEqualTo("w0");
    assertThat(output.advance(item("1", "w0 w1 w2"))).isEqualTo(" w1 w2");
    assertThat(output.advance(item("1", "w0 w1 w2"))).isEmpty();
  }

  @Test
  void anotherItemBeginsAnew() {
    output.advance(item("1", "looking it up"));
    assertThat(output.advance(item("2", "found"))).isEqualTo("found");
  }

  @Test
  void noPieceEndsWithinACharacter() {
    assertThat(output.advance(item("1", "a\uFFFD"))).isEqualTo("a");
    assertThat(output.advance(item("1", "a\uD83D\uDE00"))).isEqualTo("\uD83D\uDE00");
    output.advance(item("2", "abc"));
    assertThat(output.advance(item("2", "ab\uD83D\uDE00"))).isEqualTo("\uD83D\uDE00");
  }

  @Test
  void aTextThatIsTakenBackSaysNothing() {
    output.advance(item("1", "too much"));
    assertThat(output.advance(item("1", "too"))).isEmpty();
    assertThat(output.advance(item("1", "too few"))).isEqualTo(" few");
  }
}
