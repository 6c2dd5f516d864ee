package dev.flotilla.gateway.dialect.work;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.flotilla.contract.EventKind;
import dev.flotilla.contract.WorkFact;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.Json;
import dev.flotilla.work.v1.WorkProto;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The written spec of the work dialect says what `work.proto` and the code say.
class WorkSpecTest {
  private static final Pattern EXAMPLE =
      Pattern.compile("<!-- example: (\\S+) -->\\s*```json\\n(.*?)```", Pattern.DOTALL);

  private static String page = "";

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Examples.ROOT.resolve("docs/protocol/work-v1.md"));
  }

  @Test
  void everyBlockIsItsExample() {
    Map<String, String> blocks = new TreeMap<>();
    Matcher block = EXAMPLE.matcher(page);
    while (block.find()) {
      blocks.put(block.group(1), block.group(2));
    }
    assertThat(blocks).hasSizeGreaterThan(10);
    blocks.forEach(
        (name, text) ->
            assertThat(Json.read(text, JsonNode.class))
                .as(name)
                .isEqualTo(Json.read(Examples.text("work/" + name), JsonNode.class)));
    assertThat(page.split("```json", -1)).hasSize(blocks.size() + 1);
  }

  @Test
  void everyMessageIsExplainedWithItsFields() {
    for (Descriptor message : WorkProto.getDescriptor().getMessageTypes()) {
      assertThat(page).contains("`" + message.getName() + "`");
      String row = row(message.getName());
      for (FieldDescriptor field : message.getFields()) {
        boolean inEnvelope = message.getName().equals("WebSocketMessage") && isPayload(field);
        if (!inEnvelope) {
          assertThat(row.isEmpty() ? page : row)
              .as("%s in %s", field.getName(), message.getName())
              .contains("`" + field.getName() + "`");
        }
      }
    }
  }

  @Test
  void everyConstantOfAnEnumIsNamed() {
    for (EnumDescriptor type : WorkProto.getDescriptor().getEnumTypes()) {
      List<String> names = new ArrayList<>();
      for (EnumValueDescriptor value : type.getValues()) {
        String prefix = type.getValues().getFirst().getName().replace("UNSPECIFIED", "");
        names.add("`" + value.getName().substring(prefix.length()) + "`");
      }
      names.remove("`UNSPECIFIED`");
      assertThat(row(type.getName())).contains(String.join(", ", names));
    }
  }

  @Test
  void everyEventIsInTheTableByItsNameOnTheControlDialect() {
    for (EventKind kind : EventKind.values()) {
      if (WorkFact.class.isAssignableFrom(kind.payload())) {
        assertThat(page).containsPattern("\\| `[A-Za-z]+` \\| `" + kind.wireName() + "`");
      }
    }
  }

  @Test
  void everyCodeAndEveryRefusalOfTheDecoderIsExplained() {
    for (FaultCode code : FaultCode.values()) {
      assertThat(page).contains("\n| `" + code + "` | ");
    }
    for (Reason reason : List.of(Reason.NOT_PROTOBUF, Reason.UNKNOWN_TYPE, Reason.INVALID_FIELD)) {
      assertThat(page).contains("`" + reason + "`");
    }
  }

  @Test
  void theDecodersLimitsAreSaid() {
    assertThat(page)
        .contains("| ids in one list | " + WorkDecoder.MAX_IDS + " |")
        .contains("| `token` | " + WorkDecoder.MAX_TOKEN + " characters |")
        .contains("1 to " + WorkDecoder.MAX_WORD + " printable ASCII characters");
  }

  @Test
  void pathsAndSubprotocolAreSaid() {
    WorkDialect.PATHS.forEach(path -> assertThat(page).contains("`" + path + "`"));
    assertThat(page)
        .contains("| Subprotocol | `" + WorkDialect.SUBPROTOCOL + "`")
        .startsWith("# Work protocol, version " + WorkDialect.VERSION + "\n");
  }

  /// The table row that begins with the name, or nothing where it has a table of its own.
  private static String row(String name) {
    Matcher row = Pattern.compile("\n\\| `" + name + "` \\| (.+) \\|\n").matcher(page);
    return row.find() && row.group(1).contains("`") ? row.group(1) : "";
  }

  private static boolean isPayload(FieldDescriptor field) {
    return field.getRealContainingOneof() != null; // An optional field is a oneof of its own.
  }
}
