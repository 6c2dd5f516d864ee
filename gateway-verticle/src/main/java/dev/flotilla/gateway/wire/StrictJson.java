package dev.flotilla.gateway.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.RawJson;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// JSON from strangers: valid UTF-8, one object, no name twice, no deep nesting, numbers kept
/// exactly as they were written.
public final class StrictJson {
  /// Deeper input is refused: what reads it later may recurse.
  public static final int MAX_DEPTH = 64;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(64)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private StrictJson() {}

  /// The bytes as text. A byte sequence that is not UTF-8 is an error, never a replacement
  /// character.
  public static String text(byte[] utf8) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
  }

  /// The one object that the text is, or a VALIDATION_ERROR with reason NOT_JSON.
  public static ObjectNode object(String text) {
    try {
      if (MAPPER.readTree(text) instanceof ObjectNode object) {
        return object;
      }
      throw notJson("not an object");
    } catch (JsonProcessingException bad) {
      throw notJson(bad.getOriginalMessage());
    } catch (ArithmeticException | NumberFormatException beyondDecimals) {
      throw notJson("a number is out of range");
    }
  }

  public static ObjectNode emptyObject() {
    return MAPPER.createObjectNode();
  }

  /// The value as it crosses the bus. Half of a surrogate pair has no UTF-8 and is refused.
  public static RawJson raw(JsonNode value) {
    try {
      String text = MAPPER.writeValueAsString(value);
      if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
        throw notJson("half of a surrogate pair");
      }
      return new RawJson(text);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private static FaultException notJson(String why) {
    return Fault.of(Reason.NOT_JSON, "This is not one JSON object: " + why + ".").asException();
  }
}
