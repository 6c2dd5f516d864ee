package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.flotilla.wire.Json;
import dev.flotilla.work.v1.WorkProto;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The work protocol's examples, in the JSON form of protobuf, are what `work.proto` says.
class WorkExampleTest {
  private static final int LARGEST_TYPICAL = 500;

  static Set<String> examples() {
    return Schemas.files("example/work").keySet();
  }

  /// Whole things and pages of them are as large as they are.
  static List<String> typical() {
    return examples().stream()
        .filter(file -> !file.startsWith("response.") && !file.startsWith("work_sync."))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsAMessageAndSurvivesTheWire(String file) throws IOException {
    WebSocketMessage message = parse(file);
    assertThat(payloadOf(message)).isEqualTo(payloadOf(file));
    WebSocketMessage received = WebSocketMessage.parseFrom(message.toByteArray());
    assertThat(Json.MAPPER.readTree(JsonFormat.printer().print(received)))
        .isEqualTo(Schemas.schema("example/work/" + file));
  }

  @ParameterizedTest
  @MethodSource("typical")
  void aTypicalMessageIsCompact(String file) throws IOException {
    assertThat(parse(file).getSerializedSize()).isLessThanOrEqualTo(LARGEST_TYPICAL);
  }

  @Test
  void everyPayloadHasAnExample() {
    Set<String> payloads =
        WebSocketMessage.getDescriptor().getOneofs().getFirst().getFields().stream()
            .map(FieldDescriptor::getName)
            .collect(Collectors.toSet());
    assertThat(examples().stream().map(WorkExampleTest::payloadOf).collect(Collectors.toSet()))
        .isEqualTo(payloads);
  }

  @Test
  void everyFieldIsShownByAnExample() throws IOException {
    Set<String> shown = new TreeSet<>();
    for (String file : examples()) {
      show(parse(file), shown);
    }
    Set<String> all = new TreeSet<>();
    for (Descriptor message : WorkProto.getDescriptor().getMessageTypes()) {
      message.getFields().forEach(field -> all.add(field.getFullName()));
    }
    assertThat(shown).isEqualTo(all);
  }

  private static void show(Message message, Set<String> shown) {
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              shown.add(field.getFullName());
              for (Object each : value instanceof List<?> list ? list : List.of(value)) {
                if (each instanceof Message inner) {
                  show(inner, shown);
                }
              }
            });
  }

  /// A name that is in no message is an error.
  private static WebSocketMessage parse(String file) throws InvalidProtocolBufferException {
    WebSocketMessage.Builder message = WebSocketMessage.newBuilder();
    JsonFormat.parser().merge(Schemas.schema("example/work/" + file).toString(), message);
    return message.build();
  }

  private static String payloadOf(WebSocketMessage message) {
    return WebSocketMessage.getDescriptor()
        .findFieldByNumber(message.getPayloadCase().getNumber())
        .getName();
  }

  /// `subscribe.since.json` is an example of `subscribe`.
  private static String payloadOf(String file) {
    return file.split("\\.", 2)[0];
  }
}
