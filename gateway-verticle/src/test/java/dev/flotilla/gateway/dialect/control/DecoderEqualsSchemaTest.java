package dev.flotilla.gateway.dialect.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.fault.FaultException;
import dev.flotilla.gateway.wire.StrictJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The typed decoder stands in for the schemas, which would cost 26 us a frame. Here both see the
/// same frames, good and broken, and must agree on each.
class DecoderEqualsSchemaTest {
  private static final int FRAMES = 3_000;
  private static final List<Object> STRANGE_VALUES =
      List.of(
          "",
          " ",
          "a",
          "a b",
          "é",
          "x".repeat(128),
          "x".repeat(129),
          "\u0000",
          0,
          1,
          -1,
          1000,
          1001,
          1.0,
          1.5,
          new BigDecimal("1e3"),
          new BigDecimal("1e300"),
          Long.MAX_VALUE,
          9007199254740991L,
          9007199254740992L,
          true,
          false,
          new JsonObject(),
          new JsonArray(),
          new JsonArray().add("tasks"),
          new JsonArray().add(1),
          new JsonObject().put("token", "t"),
          new JsonObject().put("name", "n"),
          new JsonObject().put("epoch", "e").put("seq", 1));
  private static final List<String> NAMES =
      List.of(
          "type",
          "id",
          "method",
          "params",
          "idempotencyKey",
          "minProtocol",
          "maxProtocol",
          "auth",
          "client",
          "token",
          "name",
          "version",
          "topics",
          "topic",
          "payload",
          "since",
          "epoch",
          "seq",
          "extra");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void framesAreAcceptedAndRefusedAsTheSchemasSay(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int accepted = 0;
    for (int i = 0; i < FRAMES; i++) {
      JsonObject frame = random.nextBoolean() ? connect(random) : req(random);
      mutate(frame, random);
      frame = asReceived(frame);
      boolean valid = Schemas.accepts("connect", frame) || Schemas.accepts("req", frame);
      boolean decoded = !(FrameDecoder.decode(frame.encode()) instanceof ClientFrame.Malformed);
      assertThat(decoded).as("seed %d: %s", seed, frame.encode()).isEqualTo(valid);
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).isBetween(FRAMES / 10, FRAMES * 9 / 10);
  }

  @ParameterizedTest
  @EnumSource(SessionMethod.class)
  void paramsAreAcceptedAndRefusedAsTheSchemasSay(SessionMethod method) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    int accepted = 0;
    for (int i = 0; i < FRAMES; i++) {
      JsonObject params = params(method, random);
      mutate(params, random);
      params = asReceived(params);
      boolean valid = Schemas.accepts("method/" + method.wireName() + ".params", params);
      assertThat(decodes(method, params)).as("%s %s", method, params.encode()).isEqualTo(valid);
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).isBetween(FRAMES / 10, FRAMES * 9 / 10);
  }

  @Test
  void aNumberThatIsWholeInMeaningIsWhole() {
    assertThat(FrameDecoder.decode(connectWith("1.0"))).isInstanceOf(ClientFrame.Connect.class);
    assertThat(FrameDecoder.decode(connectWith("1e0"))).isInstanceOf(ClientFrame.Connect.class);
    assertThat(FrameDecoder.decode(connectWith("1e999999999")))
        .isInstanceOf(ClientFrame.Malformed.class);
    assertThat(FrameDecoder.decode(connectWith("1e-999999999")))
        .isInstanceOf(ClientFrame.Malformed.class);
    assertThat(FrameDecoder.decode(connectWith("1e99999999999")))
        .isInstanceOf(ClientFrame.Malformed.class);
    assertThat(FrameDecoder.decode(connectWith("1e-99999999999")))
        .isInstanceOf(ClientFrame.Malformed.class);
  }

  private static String connectWith(String number) {
    return "{\"type\":\"connect\",\"id\":\"1\",\"minProtocol\":1,\"maxProtocol\":" + number + "}";
  }

  private static boolean decodes(SessionMethod method, JsonObject params) {
    try {
      SessionParams.decode(method, StrictJson.object(params.encode()));
      return true;
    } catch (FaultException refused) {
      return false;
    }
  }

  /// The authority sees what its own parser makes of the text.
  private static JsonObject asReceived(JsonObject sent) {
    return new JsonObject(sent.encode());
  }

  private static JsonObject connect(RandomGenerator random) {
    JsonObject frame =
        new JsonObject()
            .put("type", "connect")
            .put("id", "c" + random.nextInt(100))
            .put("minProtocol", 1 + random.nextInt(3))
            .put("maxProtocol", 1 + random.nextInt(3));
    if (random.nextBoolean()) {
      frame.put("auth", new JsonObject().put("token", "t".repeat(1 + random.nextInt(50))));
    }
    if (random.nextBoolean()) {
      JsonObject client = new JsonObject().put("name", "sdk one");
      frame.put("client", random.nextBoolean() ? client.put("version", "1.2") : client);
    }
    return frame;
  }

  private static JsonObject req(RandomGenerator random) {
    JsonObject frame =
        new JsonObject().put("type", "req").put("id", "1").put("method", "task.create");
    if (random.nextBoolean()) {
      frame.put("params", new JsonObject().put("anything", new JsonArray().add(1)));
    }
    return random.nextBoolean() ? frame.put("idempotencyKey", "key-1") : frame;
  }

  private static JsonObject params(SessionMethod method, RandomGenerator random) {
    JsonArray topics = new JsonArray().add("tasks").add("task:" + random.nextInt(9));
    return switch (method) {
      case SUBSCRIBE -> {
        JsonObject params = new JsonObject().put("topics", topics);
        yield random.nextBoolean() ? params.put("since", position(random)) : params;
      }
      case UNSUBSCRIBE -> new JsonObject().put("topics", topics);
      case RESUME -> position(random);
      case PUBLISH ->
          new JsonObject()
              .put("topic", "custom:" + random.nextInt(9))
              .put("payload", new JsonObject().put("n", random.nextInt(9)));
      case REFRESH -> new JsonObject().put("token", "t".repeat(1 + random.nextInt(50)));
      case PING -> new JsonObject();
    };
  }

  private static JsonObject position(RandomGenerator random) {
    return new JsonObject().put("epoch", "e1").put("seq", random.nextLong(1L << 53));
  }

  /// Up to three changes anywhere in the frame: removed, added or replaced by something strange.
  private static void mutate(JsonObject frame, RandomGenerator random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      JsonObject target = anyObject(frame, random);
      switch (random.nextInt(3)) {
        case 0 -> {
          List<String> names = new ArrayList<>(target.fieldNames());
          if (!names.isEmpty()) {
            target.remove(names.get(random.nextInt(names.size())));
          }
        }
        case 1 -> target.put(NAMES.get(random.nextInt(NAMES.size())), strange(random));
        default -> {
          List<String> names = new ArrayList<>(target.fieldNames());
          if (!names.isEmpty()) {
            target.put(names.get(random.nextInt(names.size())), strange(random));
          }
        }
      }
    }
  }

  private static JsonObject anyObject(JsonObject frame, RandomGenerator random) {
    List<JsonObject> objects = new ArrayList<>(List.of(frame));
    frame.forEach(
        entry -> {
          if (entry.getValue() instanceof JsonObject inner) {
            objects.add(inner);
          }
        });
    return objects.get(random.nextInt(objects.size()));
  }

  private static Object strange(RandomGenerator random) {
    Object value = STRANGE_VALUES.get(random.nextInt(STRANGE_VALUES.size()));
    return switch (value) {
      case JsonObject object -> object.copy();
      case JsonArray array -> array.copy();
      default -> value;
    };
  }
}
