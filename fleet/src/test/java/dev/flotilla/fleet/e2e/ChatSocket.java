package dev.flotilla.fleet.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flotilla.fleet.client.ControlClient;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A chat window that remembers every message it got and what it made of them.
final class ChatSocket {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final List<JsonObject> messages = new CopyOnWriteArrayList<>();
  private final ClientWebSocket socket;
  private volatile boolean open = true;

  private ChatSocket(ClientWebSocket socket) {
    this.socket = socket;
    socket.textMessageHandler(text -> take(new JsonObject(text)));
    socket.closeHandler(_ -> open = false);
    socket.exceptionHandler(_ -> open = false);
  }

  static ChatSocket open(Vertx vertx, URI node, String token) {
    WebSocketClient client = vertx.createWebSocketClient(ControlClient.options());
    ChatSocket chat = new ChatSocket(client.webSocket());
    chat.socket
        .connect(
            new WebSocketConnectOptions()
                .setHost(node.getHost())
                .setPort(node.getPort())
                .setURI("/api/chat/ws")
                .putHeader("Authorization", "Bearer " + token))
        .await();
    return chat;
  }

  private void take(JsonObject message) {
    if (message.getString("type").equals("ping")) {
      send("pong", new JsonObject());
    } else {
      messages.add(message);
    }
  }

  /// @return the `req_id`
  String send(String type, JsonObject data) {
    String reqId = UUID.randomUUID().toString();
    socket.writeTextMessage(
        new JsonObject()
            .put("v", 1)
            .put("type", type)
            .put("topic", "system")
            .put("req_id", reqId)
            .put("ts", System.currentTimeMillis())
            .put("data", data)
            .encode());
    return reqId;
  }

  /// Follows a thread, and answers with its history.
  JsonObject follow(String threadId, @Nullable JsonObject since) {
    JsonObject data = new JsonObject().put("thread_id", threadId);
    String reqId = send("subscribe_thread", since == null ? data : data.put("since", since));
    return awaitMessage(message -> reqId.equals(message.getString("req_id"))).getJsonObject("data");
  }

  /// Says something, and answers with the id of its task.
  String say(String threadId, String text) {
    String reqId =
        send("send_message", new JsonObject().put("thread_id", threadId).put("text", text));
    return awaitMessage(
            message ->
                message.getString("type").equals("message_accepted")
                    && reqId.equals(message.getString("req_id")))
        .getJsonObject("data")
        .getString("task_id");
  }

  JsonObject awaitMessage(Predicate<JsonObject> wanted) {
    await().atMost(LIMIT).until(() -> messages.stream().anyMatch(wanted));
    return messages.stream().filter(wanted).findFirst().orElseThrow();
  }

  JsonObject awaitEnd(String taskId) {
    return awaitMessage(
            message ->
                message.getString("type").equals("stream_end")
                    && taskId.equals(message.getJsonObject("data").getString("task_id"))
                    && !"retrying".equals(message.getJsonObject("data").getString("status")))
        .getJsonObject("data");
  }

  void awaitClosed() {
    await().atMost(LIMIT).until(() -> !open);
  }

  List<JsonObject> messages() {
    return messages;
  }

  /// The types of what came of a task, repetitions left out.
  List<String> story(String taskId) {
    return messages.stream()
        .filter(message -> taskId.equals(taskOf(message)))
        .map(message -> message.getString("type"))
        .distinct()
        .toList();
  }

  /// The seqs of the durable events, in the order of arrival.
  List<Long> seqs() {
    return messages.stream()
        .filter(message -> !message.getString("type").equals("thread_history"))
        .flatMap(
            message -> Stream.ofNullable(message.getJsonObject("data").getJsonObject("position")))
        .map(position -> position.getLong("seq"))
        .toList();
  }

  /// What a window shows of a task's answer before that has ended.
  String text(String taskId) {
    return text(taskId, "");
  }

  /// The same, of a window that has gone on from another socket.
  String text(String taskId, String before) {
    String text = before;
    for (JsonObject message : messages) {
      JsonObject data = message.getJsonObject("data");
      switch (message.getString("type")) {
        case "stream_start" -> text = taskId.equals(data.getString("task_id")) ? "" : text;
        case "thread_history" -> {
          JsonObject live = data.getJsonObject("live");
          // What nobody knows for now is what the window has.
          boolean known = live != null && !live.getBoolean("partial");
          if (known && taskId.equals(live.getString("task_id"))) {
            text = live.getString("text");
          }
        }
        case "stream_chunk" -> {
          if (taskId.equals(data.getString("task_id"))) {
            int index = data.getInteger("index");
            assertThat(index).as("chunks leave no hole").isLessThanOrEqualTo(text.length());
            text = text.substring(0, index) + data.getString("text");
          }
        }
        default -> {}
      }
    }
    return text;
  }

  void close() {
    socket.close().await();
  }

  private static @Nullable String taskOf(JsonObject message) {
    JsonObject data = message.getJsonObject("data");
    return data.containsKey("message")
        ? data.getJsonObject("message").getString("task_id")
        : data.getString("task_id");
  }
}
