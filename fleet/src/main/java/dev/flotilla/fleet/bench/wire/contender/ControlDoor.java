package dev.flotilla.fleet.bench.wire.contender;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.fleet.bench.wire.load.Dialogue;
import dev.flotilla.fleet.bench.wire.load.Opcode;
import dev.flotilla.wire.Json;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

/// Opens sessions of one node, in the control dialect.
public record ControlDoor(InetSocketAddress address, String token) {

  /// A connected session.
  Dialogue open() throws IOException {
    Dialogue dialogue = Dialogue.open(address, "/events");
    try {
      connect(dialogue);
      return dialogue;
    } catch (IOException failure) {
      dialogue.close();
      throw failure;
    }
  }

  private void connect(Dialogue dialogue) throws IOException {
    String first = read(dialogue).path("event").asText();
    if (!"connect.challenge".equals(first)) {
      throw new Refused("expected connect.challenge, got " + first);
    }
    Map<String, Object> connect =
        Map.of(
            "type",
            "connect",
            "id",
            "1",
            "minProtocol",
            1,
            "maxProtocol",
            1,
            "auth",
            Map.of("token", token));
    dialogue.send(Opcode.TEXT, Json.text(connect));
    JsonNode hello = read(dialogue);
    if (!"hello".equals(hello.path("type").asText())) {
      throw new Refused("connect: " + hello.path("error").path("message").asText());
    }
  }

  /// A session that hears a topic.
  public Dialogue subscribed(String topic) throws IOException {
    Dialogue dialogue = open();
    try {
      Map<String, Object> subscribe =
          Map.of(
              "type",
              "req",
              "id",
              "2",
              "method",
              "subscribe",
              "params",
              Map.of("topics", List.of(topic)));
      dialogue.send(Opcode.TEXT, Json.text(subscribe));
      requireOk(read(dialogue));
      return dialogue;
    } catch (IOException failure) {
      dialogue.close();
      throw failure;
    }
  }

  static void requireOk(JsonNode response) throws Refused {
    if (!response.path("ok").asBoolean()) {
      throw new Refused(response.path("error").path("message").asText(response.toString()));
    }
  }

  static JsonNode read(Dialogue dialogue) throws IOException {
    return Json.MAPPER.readTree(dialogue.receive());
  }
}
