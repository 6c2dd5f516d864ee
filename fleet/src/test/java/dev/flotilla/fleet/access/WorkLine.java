package dev.flotilla.fleet.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.gateway.dialect.work.ProtoJson;
import dev.flotilla.wire.Json;
import dev.flotilla.work.v1.WorkProto.ErrorResponse;
import dev.flotilla.work.v1.WorkProto.Position;
import dev.flotilla.work.v1.WorkProto.Request;
import dev.flotilla.work.v1.WorkProto.Response;
import dev.flotilla.work.v1.WorkProto.Subscribe;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A client of the work dialect: requests, and every message that came.
final class WorkLine implements AutoCloseable {
  private final List<WebSocketMessage> heard = new CopyOnWriteArrayList<>();
  private final AtomicInteger asked = new AtomicInteger();
  private final ClientWebSocket socket;

  private WorkLine(House house, String token) {
    socket = house.sockets.webSocket();
    socket.binaryMessageHandler(bytes -> heard.add(parse(bytes)));
    socket
        .connect(
            new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(house.port())
                .setURI("/ws")
                .addHeader("Authorization", "Bearer " + token))
        .timeout(House.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .await();
  }

  static WorkLine open(House house, String token) {
    return new WorkLine(house, token);
  }

  /// The answer's JSON, or what is wrong.
  String ask(String method, JsonObject params, String key) {
    return ask(
        WebSocketMessage.newBuilder()
            .setRequest(
                Request.newBuilder()
                    .setMethod(method)
                    .setParams(params.encode())
                    .setIdempotencyKey(key)),
        Response::getResult);
  }

  /// The same with the command's own messages.
  String ask(CommandKind kind, JsonObject params, String key) {
    WebSocketMessage.Builder message = WebSocketMessage.newBuilder().setIdempotencyKey(key);
    FieldDescriptor field =
        WebSocketMessage.getDescriptor().findFieldByName(kind.method().replace('.', '_'));
    Message.Builder request = message.newBuilderForField(field);
    ProtoJson.fill(request, Json.read(params.encode(), JsonNode.class), kind.params());
    return ask(
        message.setField(field, request.build()),
        response -> {
          FieldDescriptor value =
              response.getOneofFieldDescriptor(Response.getDescriptor().getOneofs().getFirst());
          return ProtoJson.json((Message) response.getField(value), kind.result()).toString();
        });
  }

  private String ask(WebSocketMessage.Builder message, Function<Response, String> text) {
    String id = "m-" + asked.incrementAndGet();
    send(message.setMessageId(id));
    WebSocketMessage answer =
        await(
            heardOne ->
                id.equals(heardOne.getResponse().getRequestMessageId())
                    || id.equals(heardOne.getErrorResponse().getRequestMessageId()));
    return answer.hasResponse()
        ? text.apply(answer.getResponse())
        : text(answer.getErrorResponse());
  }

  private static String text(ErrorResponse error) {
    return "%s %s %s '%s'"
        .formatted(
            error.getErrorCode(), error.getReason(), error.getErrorMessage(), error.getFieldName());
  }

  /// Subscribes, and returns the confirmation.
  WebSocketMessage subscribe(String project, @Nullable Position since) {
    Subscribe.Builder subscribe = Subscribe.newBuilder().addProjectIds(project);
    if (since != null) {
      subscribe.setSince(since);
    }
    send(WebSocketMessage.newBuilder().setMessageId("s").setSubscribe(subscribe));
    return await(WebSocketMessage::hasSubscriptionConfirmed);
  }

  /// The first message that is so.
  WebSocketMessage await(Predicate<WebSocketMessage> so) {
    House.await(() -> heard.stream().anyMatch(so));
    return heard.stream().filter(so).findFirst().orElseThrow();
  }

  List<WebSocketMessage> heard() {
    return heard;
  }

  private void send(WebSocketMessage.Builder message) {
    socket.writeBinaryMessage(Buffer.buffer(message.build().toByteArray()));
  }

  private static WebSocketMessage parse(Buffer bytes) {
    try {
      return WebSocketMessage.parseFrom(bytes.getBytes());
    } catch (InvalidProtocolBufferException bad) {
      throw new UncheckedIOException(bad);
    }
  }

  @Override
  public void close() {
    socket.close().otherwiseEmpty().await();
  }
}
