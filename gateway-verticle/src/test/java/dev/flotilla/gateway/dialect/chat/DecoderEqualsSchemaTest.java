package dev.flotilla.gateway.dialect.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.gateway.dialect.chat.ClientMessage.Asked;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The typed decoder stands in for the schemas of the document, which would cost 26 us a message.
/// Here both see the same messages, good and broken, and must agree on each.
class DecoderEqualsSchemaTest {
  private static final int MESSAGES = 1_500;
  private static final List<Object> STRANGE_VALUES =
      List.of(
          "",
          " ",
          "a",
          "a b",
          "é",
          "system",
          "thread:a",
          "agent:a",
          "thread:",
          "tasks",
          "_a",
          "a".repeat(60),
          "a".repeat(61),
          "a".repeat(128),
          "a".repeat(129),
          "x".repeat(65_536),
          "x".repeat(65_537),
          "\u0000",
          "line\nline\u2028",
          "\uD83D\uDEA2".repeat(40_000),
          0,
          1,
          2,
          -1,
          200,
          201,
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
          new JsonArray().add("system"),
          new JsonObject().put("thread_id", "t"),
          new JsonObject().put("epoch", "e").put("seq", 1));
  private static final List<String> NAMES =
      List.of(
          "v",
          "type",
          "topic",
          "req_id",
          "ts",
          "data",
          "thread_id",
          "agent_id",
          "since",
          "limit",
          "text",
          "token",
          "epoch",
          "seq",
          "extra");

  static Stream<String> types() {
    return Contract.types("receive").stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void messagesAreAcceptedAndRefusedAsTheDocumentSays(String type) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(type.hashCode());
    List<JsonObject> examples =
        Contract.examples().values().stream()
            .filter(example -> example.getString("type").equals(type))
            .toList();
    Set<String> types = Contract.types("receive");
    int accepted = 0;
    for (int i = 0; i < MESSAGES; i++) {
      JsonObject message = examples.get(random.nextInt(examples.size())).copy();
      mutate(message, random);
      message = new JsonObject(message.encode());
      boolean valid =
          message.getValue("type") instanceof String named
              && types.contains(named)
              && Contract.accepts(named, message);
      boolean decoded = MessageDecoder.decode(message.encode()) instanceof Asked;
      assertThat(decoded).as("%.500s", message.encode()).isEqualTo(valid);
      accepted += valid ? 1 : 0;
    }
    assertThat(accepted).isBetween(MESSAGES / 10, MESSAGES * 9 / 10);
  }

  @Test
  void aBrokenMessageIsStillKnownByItsRequestId() {
    JsonObject message = Contract.example("send_message").put("extra", 1);
    assertThat(MessageDecoder.decode(message.encode()))
        .isInstanceOfSatisfying(
            ClientMessage.Malformed.class,
            malformed -> assertThat(malformed.reqId()).isEqualTo(message.getString("req_id")));
  }

  /// Up to three changes anywhere in the message: removed, added or replaced by something strange.
  private static void mutate(JsonObject message, RandomGenerator random) {
    for (int i = random.nextInt(4); i > 0; i--) {
      JsonObject target = anyObject(message, random);
      List<String> names = new ArrayList<>(target.fieldNames());
      if (random.nextInt(3) == 0 || names.isEmpty()) {
        target.put(NAMES.get(random.nextInt(NAMES.size())), strange(random));
      } else if (random.nextBoolean()) {
        target.remove(names.get(random.nextInt(names.size())));
      } else {
        target.put(names.get(random.nextInt(names.size())), strange(random));
      }
    }
  }

  private static JsonObject anyObject(JsonObject message, RandomGenerator random) {
    List<JsonObject> objects = new ArrayList<>();
    objects.add(message);
    for (int i = 0; i < objects.size(); i++) {
      objects
          .get(i)
          .forEach(
              entry -> {
                if (entry.getValue() instanceof JsonObject inner) {
                  objects.add(inner);
                }
              });
    }
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
