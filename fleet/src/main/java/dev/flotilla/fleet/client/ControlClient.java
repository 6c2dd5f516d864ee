package dev.flotilla.fleet.client;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One session of the control dialect, from challenge to close. It does not reconnect: who uses it
/// wants to see what happens.
public final class ControlClient {
  private static final int MAX_FRAME_BYTES = 16 * 1024 * 1024;

  private final ClientWebSocket socket;
  private final Consumer<JsonObject> events;
  private final Map<String, Promise<JsonObject>> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final Promise<JsonObject> hello = Promise.promise();
  private final Promise<Integer> closed = Promise.promise();

  private ControlClient(ClientWebSocket socket, String token, Consumer<JsonObject> events) {
    this.socket = socket;
    this.events = events;
    socket.textMessageHandler(text -> receive(new JsonObject(text), token));
    socket.closeHandler(_ -> end());
    socket.exceptionHandler(_ -> end());
  }

  /// Connects and authenticates.
  ///
  /// @param node the node's HTTP URL
  /// @param events called for every event frame, on the socket's event loop
  public static Future<ControlClient> connect(
      WebSocketClient sockets, URI node, String token, Consumer<JsonObject> events) {
    // The handlers are there before the socket is: nothing that comes at once can be missed.
    ClientWebSocket socket = sockets.webSocket();
    ControlClient client = new ControlClient(socket, token, events);
    return socket
        .connect(
            new WebSocketConnectOptions()
                .setHost(node.getHost())
                .setPort(node.getPort())
                .setURI("/events"))
        .compose(_ -> client.hello.future())
        .map(client);
  }

  /// Options of a WebSocket client that takes the fleet's largest frames.
  public static WebSocketClientOptions options() {
    return new WebSocketClientOptions()
        .setMaxFrameSize(MAX_FRAME_BYTES)
        .setMaxMessageSize(MAX_FRAME_BYTES)
        .setMaxConnections(100_000)
        .setTryUsePerMessageCompression(false);
  }

  /// What the fleet said when it let the session in.
  public JsonObject hello() {
    return hello.future().result();
  }

  /// The payload of the answer, or a failure with the error's JSON as its message.
  public Future<JsonObject> request(
      String method, JsonObject params, @Nullable String idempotencyKey) {
    return request(method, params, idempotencyKey, null);
  }

  /// @param trace a `traceparent`
  public Future<JsonObject> request(
      String method, JsonObject params, @Nullable String idempotencyKey, @Nullable String trace) {
    String id = Long.toString(ids.incrementAndGet());
    JsonObject frame =
        new JsonObject()
            .put("type", "req")
            .put("id", id)
            .put("method", method)
            .put("params", params);
    if (idempotencyKey != null) {
      frame.put("idempotencyKey", idempotencyKey);
    }
    if (trace != null) {
      frame.put("traceparent", trace);
    }
    Promise<JsonObject> answer = Promise.promise();
    pending.put(id, answer);
    return socket.writeTextMessage(frame.encode()).compose(_ -> answer.future());
  }

  public Future<JsonObject> subscribe(List<String> topics) {
    return request("subscribe", new JsonObject().put("topics", new JsonArray(topics)), null);
  }

  /// Subscribes and goes on after a position: what was missed comes first, then what is live. One
  /// request, because a live event between two would come before the missed ones.
  public Future<JsonObject> subscribeSince(List<String> topics, String epoch, long seq) {
    JsonObject since = new JsonObject().put("epoch", epoch).put("seq", seq);
    return request(
        "subscribe",
        new JsonObject().put("topics", new JsonArray(topics)).put("since", since),
        null);
  }

  /// Completes with the close code, 1006 where the connection just broke.
  public Future<Integer> closed() {
    return closed.future();
  }

  public Future<Void> close() {
    return socket.close();
  }

  private void receive(JsonObject frame, String token) {
    switch (frame.getString("type")) {
      case "event" -> {
        if ("connect.challenge".equals(frame.getString("event"))) {
          authenticate(token);
        } else {
          events.accept(frame);
        }
      }
      case "hello" -> hello.tryComplete(frame);
      case "res" -> answer(frame);
      case "error" -> hello.tryFail(frame.encode());
      default -> events.accept(frame);
    }
  }

  private void authenticate(String token) {
    socket.writeTextMessage(
        new JsonObject()
            .put("type", "connect")
            .put("id", "connect")
            .put("minProtocol", 1)
            .put("maxProtocol", 1)
            .put("auth", new JsonObject().put("token", token))
            .encode());
  }

  private void answer(JsonObject frame) {
    Promise<JsonObject> waiting = pending.remove(frame.getString("id"));
    if (waiting == null) {
      hello.tryFail(frame.encode());
    } else if (frame.getBoolean("ok")) {
      waiting.complete(frame.getJsonObject("payload"));
    } else {
      waiting.fail(frame.getJsonObject("error").encode());
    }
  }

  private void end() {
    Short code = socket.closeStatusCode();
    closed.tryComplete(code == null ? 1006 : code.intValue());
    hello.tryFail("closed with " + code);
    pending.values().forEach(waiting -> waiting.tryFail("closed with " + code));
    pending.clear();
  }
}
