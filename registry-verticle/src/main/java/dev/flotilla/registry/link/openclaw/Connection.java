package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket to an instance: frames out, replies to whoever asked, events to the listener.
/// Whatever comes in, nothing is thrown.
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  interface Listener {
    void event(String name, JsonNode payload);
  }

  private final Vertx vertx;
  private final WebSocket socket;
  private final Duration requestTimeout;
  private final Listener listener;
  private final Map<String, Predicate<Reply>> waiting = new HashMap<>();
  private long lastId;
  private long heardAt = System.nanoTime();
  private boolean closed;
  private boolean complained;

  Connection(Vertx vertx, WebSocket socket, Duration requestTimeout, Listener listener) {
    this.vertx = vertx;
    this.socket = socket;
    this.requestTimeout = requestTimeout;
    this.listener = listener;
    socket.textMessageHandler(text -> receive(text));
    socket.binaryMessageHandler(bytes -> receive(bytes));
    socket.pongHandler(_ -> heardAt = System.nanoTime());
    socket.exceptionHandler(failure -> LOG.debug("socket: {}", failure.getMessage()));
  }

  /// Asks and waits for the one answer. Fails with an [RpcFailure] only.
  Future<JsonNode> request(String method, Object params) {
    Promise<JsonNode> answer = Promise.promise();
    String id =
        send(
            method,
            params,
            reply -> {
              RpcFailure failure = reply.failure();
              if (failure == null) {
                answer.tryComplete(reply.payload());
              } else {
                answer.tryFail(failure);
              }
              return true;
            });
    long timer = vertx.setTimer(requestTimeout.toMillis(), _ -> expire(id, method));
    return answer.future().onComplete(_ -> vertx.cancelTimer(timer));
  }

  /// Sends a request that may get several answers.
  ///
  /// @param onReply true when it was the last one
  void converse(String method, Object params, Predicate<Reply> onReply) {
    send(method, params, onReply);
  }

  private String send(String method, Object params, Predicate<Reply> onReply) {
    String id = "f" + ++lastId;
    waiting.put(id, onReply);
    if (closed) {
      answer(id, Reply.failed(lost()));
      return id;
    }
    ObjectNode frame = Json.MAPPER.createObjectNode();
    frame.put("type", "req").put("id", id).put("method", method);
    frame.set("params", Json.tree(params));
    socket.writeTextMessage(frame.toString()).onFailure(_ -> answer(id, Reply.failed(lost())));
    return id;
  }

  private void expire(String id, String method) {
    String words = method + " was not answered within " + requestTimeout.toSeconds() + " s";
    answer(id, Reply.failed(new RpcFailure(RpcFailure.SILENT, "", words)));
  }

  private static RpcFailure lost() {
    return new RpcFailure(RpcFailure.LOST, "", "the connection was lost");
  }

  private void receive(String text) {
    receive(Buffer.buffer(text));
  }

  private void receive(Buffer bytes) {
    heardAt = System.nanoTime();
    try {
      dispatch(CleanText.in(Json.MAPPER.readTree(bytes.getBytes())));
    } catch (IOException | RuntimeException bad) {
      notUnderstood(bytes.length(), bad);
    }
  }

  /// One line per connection: what an instance sends must not fill the fleet's log.
  private void notUnderstood(int bytes, Exception bad) {
    if (complained) {
      LOG.debug("a frame of {} bytes was not understood", bytes, bad);
    } else {
      complained = true;
      LOG.warn("a frame of {} bytes was not understood: {}", bytes, bad.getClass().getName());
    }
  }

  private void dispatch(JsonNode frame) {
    switch (frame.path("type").asText("")) {
      case "res" -> answer(frame.path("id").asText(""), Reply.of(frame));
      case "event" -> listener.event(frame.path("event").asText(""), frame.path("payload"));
      default -> LOG.debug("a frame of an unknown type was ignored");
    }
  }

  private void answer(String id, Reply reply) {
    Predicate<Reply> asker = waiting.get(id);
    if (asker != null && asker.test(reply)) {
      waiting.remove(id);
    }
  }

  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - heardAt);
  }

  /// Fails everything that waits for an answer. Called when the socket is gone.
  void lose() {
    closed = true;
    List<String> open = List.copyOf(waiting.keySet());
    open.forEach(id -> answer(id, Reply.failed(lost())));
    waiting.clear();
  }

  /// Always completes, whether or not the other side answers the close.
  Future<Void> close(short code, String reason) {
    closed = true;
    return socket
        .close(code, reason)
        .timeout(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .otherwiseEmpty();
  }
}
