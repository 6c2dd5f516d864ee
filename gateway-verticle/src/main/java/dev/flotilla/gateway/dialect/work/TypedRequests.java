package dev.flotilla.gateway.dialect.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.WorkCommand;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import dev.flotilla.work.v1.WorkProto.Response;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Commands about tracked work that have messages of their own. The names say which is which:
/// `work_item.create` is the envelope's `work_item_create`, and a `WorkItem` answers it in the
/// `work_item` of `Response`.
final class TypedRequests {
  private static final Descriptor ENVELOPE = WebSocketMessage.getDescriptor();
  private static final Map<Integer, CommandKind> KINDS =
      Arrays.stream(CommandKind.values())
          .filter(kind -> WorkCommand.class.isAssignableFrom(kind.params()))
          .collect(Collectors.toMap(kind -> request(kind).getNumber(), Function.identity()));

  private TypedRequests() {}

  /// The command that the message asks for, null where it is another kind of message.
  static @Nullable CommandKind kind(WebSocketMessage message) {
    return KINDS.get(message.getPayloadCase().getNumber());
  }

  /// What the message says, as params of its command.
  static String params(WebSocketMessage message, CommandKind kind) {
    Message request = (Message) message.getField(request(kind));
    return ProtoJson.json(request, kind.params()).toString();
  }

  /// Puts the result of the command into the answer.
  static void answer(Response.Builder response, CommandKind kind, RawJson result) {
    FieldDescriptor field = value(kind);
    Message.Builder value = response.newBuilderForField(field);
    ProtoJson.fill(value, Json.read(result.text(), JsonNode.class), kind.result());
    response.setField(field, value.build());
  }

  static FieldDescriptor request(CommandKind kind) {
    return named(ENVELOPE, kind.method().replace('.', '_'));
  }

  static FieldDescriptor value(CommandKind kind) {
    return named(
        Response.getDescriptor(), Things.snake(kind.result().getSimpleName()).substring(1));
  }

  private static FieldDescriptor named(Descriptor message, String name) {
    return Objects.requireNonNull(message.findFieldByName(name), name);
  }
}
