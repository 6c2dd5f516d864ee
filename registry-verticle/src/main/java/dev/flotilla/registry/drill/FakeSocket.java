package dev.flotilla.registry.drill;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.core.http.ServerWebSocket;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One connection to the fake instance.
final class FakeSocket {
  final Set<String> subscriptions = new HashSet<>();
  private final ServerWebSocket socket;
  private final FakeInstance instance;
  private final String nonce = UUID.randomUUID().toString();
  private boolean connected;
  private long seq;

  FakeSocket(ServerWebSocket socket, FakeInstance instance) {
    this.socket = socket;
    this.instance = instance;
    socket.textMessageHandler(text -> receive(Json.read(text, JsonNode.class)));
    socket.closeHandler(_ -> instance.mind.sockets.remove(this));
    ObjectNode challenge = Json.MAPPER.createObjectNode();
    challenge.put("nonce", nonce).put("ts", System.currentTimeMillis());
    raw(frame("connect.challenge", challenge));
  }

  private void receive(JsonNode frame) {
    if (instance.process().isMute()) {
      return;
    }
    String id = frame.path("id").asText();
    String method = frame.path("method").asText();
    try {
      @Nullable JsonNode answer =
          connected
              ? instance.mind.handle(this, id, method, frame.path("params"))
              : instance.welcome(method, frame.path("params"), nonce);
      if (!connected) {
        connected = true;
        instance.mind.sockets.add(this);
      }
      if (answer != null) {
        answer(id, answer);
      }
    } catch (FakeRefusal refusal) {
      refuse(id, refusal);
      if (!connected) {
        close(closeCode(refusal), refusal.words);
      }
    }
  }

  private static int closeCode(FakeRefusal refusal) {
    if (refusal.details.path("code").asText().equals("PROTOCOL_MISMATCH")) {
      return 1002;
    }
    return refusal.code.equals("UNAVAILABLE") ? 1013 : 1008;
  }

  /// Numbers are used up for events that the other side never gets.
  void skip(int events) {
    seq += events;
  }

  void answer(String id, JsonNode payload) {
    ObjectNode frame = Json.MAPPER.createObjectNode();
    frame.put("type", "res").put("id", id).put("ok", true).set("payload", payload);
    raw(frame.toString());
  }

  void refuse(String id, FakeRefusal refusal) {
    ObjectNode frame = Json.MAPPER.createObjectNode();
    frame.put("type", "res").put("id", id).put("ok", false);
    ObjectNode error = frame.putObject("error");
    error.put("code", refusal.code).put("message", refusal.words);
    error.set("details", refusal.details);
    if (refusal.retryAfterMs > 0) {
      error.put("retryAfterMs", refusal.retryAfterMs);
    }
    raw(frame.toString());
  }

  void event(String name, JsonNode payload) {
    raw(frame(name, payload));
  }

  private String frame(String name, JsonNode payload) {
    ObjectNode frame = Json.MAPPER.createObjectNode();
    frame.put("type", "event").put("event", name).put("seq", ++seq);
    frame.set("payload", payload);
    return frame.toString();
  }

  void raw(String text) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(text);
    }
  }

  void close(int code, String reason) {
    socket.close((short) code, reason);
  }
}
