package dev.flotilla.gateway.fuzz;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.gateway.dialect.control.SessionMethod;
import dev.flotilla.gateway.fixture.Client;
import dev.flotilla.gateway.fixture.Gateways;
import dev.flotilla.gateway.fixture.RawSocket;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The control dialect.
final class ControlTarget implements Target {
  @Override
  public String name() {
    return "control";
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
    RawSocket raw = RawSocket.opened(gateways.port(), "/events", headers);
    raw.write(RawSocket.text(Client.connectFrame(gateways.token(Gateways.ACME)).encode()));
    return raw;
  }

  @Override
  public Message valid(RandomGenerator random, int number) {
    String id = "v" + number;
    return new Message(Buffer.buffer(request(random, id).encode()), id);
  }

  private static JsonObject request(RandomGenerator random, String id) {
    JsonObject frame = Values.object("control/req.json", random).put("id", id);
    if (random.nextBoolean()) {
      SessionMethod method = Values.pick(List.of(SessionMethod.values()), random);
      return frame
          .put("method", method.wireName())
          .put(
              "params",
              Values.object("control/method/" + method.wireName() + ".params.json", random));
    }
    CommandKind kind = Values.pick(List.of(CommandKind.values()), random);
    return frame
        .put("method", kind.method())
        .put("params", Values.object("command/" + kind.method() + ".json", random));
  }

  @Override
  public byte[] hostile(RandomGenerator random, int number) {
    if (random.nextInt(3) == 0) {
      return bytes(Values.pick(Hostile.TEXTS, random));
    }
    JsonObject frame =
        random.nextInt(5) == 0
            ? Values.object("control/connect.json", random)
            : request(random, "h" + number);
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      Hostile.spoil(anyObject(frame, random), random);
    }
    return bytes(frame.encode());
  }

  private static JsonObject anyObject(JsonObject frame, RandomGenerator random) {
    return frame.getValue("params") instanceof JsonObject params && random.nextBoolean()
        ? params
        : frame;
  }

  @Override
  public Message probe(int number) {
    String id = "p" + number;
    return new Message(
        Buffer.buffer(
            new JsonObject().put("type", "req").put("id", id).put("method", "ping").encode()),
        id);
  }

  @Override
  public @Nullable String answered(byte[] payload) {
    JsonObject frame = new JsonObject(new String(payload, StandardCharsets.UTF_8));
    return "res".equals(frame.getString("type")) ? frame.getString("id") : null;
  }

  @Override
  public boolean admitsABug(byte[] payload) {
    return new String(payload, StandardCharsets.UTF_8).contains("\"reason\":\"INTERNAL\"");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
