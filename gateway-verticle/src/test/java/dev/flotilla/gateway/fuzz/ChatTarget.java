package dev.flotilla.gateway.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.flotilla.gateway.fixture.Chat;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The chat dialect.
final class ChatTarget implements Target {
  // Few, so that requests about the same thing overtake each other.
  private static final List<String> IDS = List.of("a", "incident-42", "9".repeat(128));
  private static final List<String> REQUESTS =
      List.of(
          "subscribe_thread",
          "unsubscribe_thread",
          "subscribe_agent",
          "unsubscribe_agent",
          "send_message",
          "abort_message",
          "pong");

  @Override
  public String name() {
    return "chat";
  }

  @Override
  public String toString() {
    return name();
  }

  @Override
  public boolean binary() {
    return false;
  }

  @Override
  public RawSocket open(Gateways gateways, String... headers) {
    return RawSocket.opened(
        gateways.port(), "/api/chat/ws", Target.with(gateways.token(Gateways.ACME), headers));
  }

  @Override
  public Message valid(RandomGenerator random, int number) {
    String type = Values.pick(REQUESTS, random);
    if (type.equals("pong")) {
      return message(Chat.message(type, null, new JsonObject()), null);
    }
    String id = "v" + number;
    return message(Chat.message(type, id, data(type, random)), id);
  }

  private static JsonObject data(String type, RandomGenerator random) {
    JsonObject data = new JsonObject();
    String subject = type.endsWith("_agent") ? "agent_id" : "thread_id";
    data.put(subject, Values.pick(IDS, random));
    if (type.equals("send_message")) {
      data.put("text", Values.pick(List.of("hello", "é\n\t", "x".repeat(5_000)), random));
    }
    if (type.equals("subscribe_thread") && random.nextBoolean()) {
      data.put("limit", random.nextInt(1, 201));
    }
    if (type.equals("subscribe_thread") && random.nextBoolean()) {
      data.put("since", new JsonObject().put("epoch", "other").put("seq", random.nextInt(9)));
    }
    return data;
  }

  @Override
  public byte[] hostile(RandomGenerator random, int number) {
    if (random.nextInt(3) == 0) {
      return Values.pick(Hostile.TEXTS, random).getBytes(UTF_8);
    }
    String type = Values.pick(REQUESTS, random);
    JsonObject message = Chat.message(type, "h" + number, data(type, random));
    JsonObject part = random.nextBoolean() ? message : message.getJsonObject("data");
    Hostile.spoil(part, random);
    return message.encode().getBytes(UTF_8);
  }

  @Override
  public Message probe(int number) {
    String id = "p" + number;
    return message(
        Chat.message("unsubscribe_thread", id, new JsonObject().put("thread_id", "probe")), id);
  }

  @Override
  public @Nullable String answered(byte[] payload) {
    return new JsonObject(Buffer.buffer(payload)).getString("req_id");
  }

  @Override
  public boolean admitsABug(byte[] payload) {
    return new String(payload, UTF_8).contains("\"reason\":\"INTERNAL\"");
  }

  private static Message message(JsonObject json, @Nullable String id) {
    return new Message(json.toBuffer(), id);
  }
}
