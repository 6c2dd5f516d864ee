package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocket;
import io.vertx.core.internal.http.WebSocketInternal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One WebSocket to an instance: frames out, replies to whoever asked, events to the listener.
/// Whatever comes in, nothing is thrown.
final class Connection {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);
  // The instance keeps 256 for all its clients together, and drops what is more.
  private static final int MAX_UNHEARD = 128;
  private static final Buffer PING = Buffer.buffer("flotilla");

  interface Listener {
    void event(String name, JsonNode payload);

    /// Events were lost on the way: what they said has to be read instead.
    void missed();
  }

  private final Vertx vertx;
  private final WebSocket socket;
  private final Duration requestTimeout;
  private final Listener listener;
  private final Map<String, Predicate<Reply>> waiting = new HashMap<>();
  // Those that the instance has not even begun to answer.
  private final Set<String> unheard = new HashSet<>();
  private long largest = Long.MAX_VALUE;
  private long lastSeq;
  private long lastId;
  private long heardAt = System.nanoTime();
  private long aliveAt = heardAt;
  private int expired;
  private boolean closed;
  private boolean complained;

  Connection(Vertx vertx, WebSocket socket, Duration requestTimeout, Listener listener) {
    this.vertx = vertx;
    this.socket = socket;
    this.requestTimeout = requestTimeout;
    this.listener = listener;
    socket.textMessageHandler(text -> receive(text));
    socket.binaryMessageHandler(bytes -> receive(bytes));
    socket.pongHandler(_ -> aliveAt = System.nanoTime());
    socket.exceptionHandler(failure -> LOG.debug("socket: {}", failure.getMessage()));
  }

  /// From now on no larger frame is sent: the instance would close the connection.
  void limit(long maxPayload) {
    largest = maxPayload;
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
    if (unheard.size() >= MAX_UNHEARD) {
      String words = unheard.size() + " requests wait for the instance already";
      answer(id, Reply.failed(new RpcFailure(RpcFailure.OVERLOADED, "", words)));
      return id;
    }
    ObjectNode frame = Json.MAPPER.createObjectNode();
    frame.put("type", "req").put("id", id).put("method", method);
    frame.set("params", Json.tree(params));
    String text = frame.toString();
    if (isTooLarge(text)) {
      String words = "the request is larger than the " + largest + " bytes that the instance takes";
      answer(id, Reply.failed(new RpcFailure(RpcFailure.TOO_LARGE, "", words)));
      return id;
    }
    unheard.add(id);
    socket.writeTextMessage(text).onFailure(_ -> answer(id, Reply.failed(lost())));
    return id;
  }

  /// Counting the bytes is only worth it for what comes near the limit.
  private boolean isTooLarge(String text) {
    return text.length() > largest / 3 && text.getBytes(StandardCharsets.UTF_8).length > largest;
  }

  private void expire(String id, String method) {
    String words = method + " was not answered within " + requestTimeout.toSeconds() + " s";
    expired++;
    answer(id, Reply.failed(new RpcFailure(RpcFailure.SILENT, "", words)));
  }

  /// How many requests in a row were not answered in time.
  int expired() {
    return expired;
  }

  private static RpcFailure lost() {
    return new RpcFailure(RpcFailure.LOST, "", "the connection was lost");
  }

  private void receive(String text) {
    receive(Buffer.buffer(text));
  }

  private void receive(Buffer bytes) {
    heardAt = System.nanoTime();
    aliveAt = heardAt;
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
      case "res" -> {
        expired = 0;
        answer(frame.path("id").asText(""), Reply.of(frame));
      }
      case "event" -> {
        count(frame.path("seq").asLong());
        listener.event(frame.path("event").asText(""), frame.path("payload"));
      }
      default -> LOG.debug("a frame of an unknown type was ignored");
    }
  }

  /// Events are numbered one by one; what the instance had no room to send still takes a number.
  private void count(long seq) {
    if (seq <= 0) {
      return;
    }
    boolean gap = lastSeq > 0 && seq > lastSeq + 1;
    lastSeq = seq;
    if (gap) {
      listener.missed();
    }
  }

  private void answer(String id, Reply reply) {
    unheard.remove(id);
    Predicate<Reply> asker = waiting.get(id);
    if (asker != null && asker.test(reply)) {
      waiting.remove(id);
    }
  }

  /// Since the last frame that said something.
  Duration quiet() {
    return Duration.ofNanos(System.nanoTime() - heardAt);
  }

  /// Since the last sign of life, if it was only the answer to a ping.
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - aliveAt);
  }

  void ping() {
    socket.writePing(PING).onFailure(_ -> LOG.debug("no ping went out"));
  }

  /// Fails everything that waits for an answer. Called when the socket is gone.
  void lose() {
    closed = true;
    List<String> open = List.copyOf(waiting.keySet());
    open.forEach(id -> answer(id, Reply.failed(lost())));
    waiting.clear();
  }

  /// Always completes, whether or not the other side answers the close, or hangs up after it has
  /// said that it would.
  Future<Void> close(short code, String reason) {
    closed = true;
    return socket
        .close(code, reason)
        .timeout(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(_ -> hangUp())
        .otherwiseEmpty();
  }

  /// Without the handler of the WebSocket, which waits for the other side.
  private void hangUp() {
    ((WebSocketInternal) socket).channelHandlerContext().close();
  }
}
