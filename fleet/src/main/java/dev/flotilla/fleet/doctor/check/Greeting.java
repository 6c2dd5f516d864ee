package dev.flotilla.fleet.doctor.check;

import dev.flotilla.work.v1.WorkProto.Ping;
import dev.flotilla.work.v1.WorkProto.WebSocketMessage;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.json.JsonObject;
import java.util.function.Function;
import java.util.function.Predicate;

/// How a session of each dialect begins, as far as it takes to see that it works: what the client
/// says first, and what it then hears.
enum Greeting {
  CONTROL(
      "control",
      "/events",
      token ->
          Buffer.buffer(
              new JsonObject()
                  .put("type", "connect")
                  .put("id", "doctor")
                  .put("minProtocol", 1)
                  .put("maxProtocol", 1)
                  .put("auth", new JsonObject().put("token", token))
                  .encode()),
      heard -> isOf("hello", heard)),
  DASHBOARD(
      "dashboard",
      "/api/dashboard/ws/dashboard",
      _ -> Buffer.buffer("{\"type\":\"ping\"}"),
      heard -> isOf("connection_established", heard)),
  CHAT(
      "chat",
      "/api/chat/ws",
      token ->
          Buffer.buffer(
              new JsonObject()
                  .put("v", 1)
                  .put("type", "auth_refresh")
                  .put("topic", "system")
                  .put("req_id", "doctor")
                  .put("ts", System.currentTimeMillis())
                  .put("data", new JsonObject().put("token", token))
                  .encode()),
      heard -> !isOf("error", heard) && "doctor".equals(new JsonObject(heard).getString("req_id"))),
  WORK(
      "work",
      "/ws",
      _ ->
          Buffer.buffer(
              WebSocketMessage.newBuilder()
                  .setPing(Ping.newBuilder().setTimestamp(1))
                  .build()
                  .toByteArray()),
      _ -> true);

  final String dialect;
  final String path;
  private final Function<String, Buffer> first;
  private final Predicate<Buffer> answered;

  Greeting(
      String dialect, String path, Function<String, Buffer> first, Predicate<Buffer> answered) {
    this.dialect = dialect;
    this.path = path;
    this.first = first;
    this.answered = answered;
  }

  void say(WebSocket socket, String token) {
    Buffer words = first.apply(token);
    if (this == WORK) {
      socket.writeBinaryMessage(words);
    } else {
      socket.writeTextMessage(words.toString());
    }
  }

  boolean isAnsweredBy(Buffer heard) {
    return answered.test(heard);
  }

  private static boolean isOf(String type, Buffer heard) {
    return type.equals(new JsonObject(heard).getString("type"));
  }
}
