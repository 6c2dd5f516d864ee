package dev.flotilla.gateway.fuzz;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// What no client should send to a dialect of JSON texts.
final class Hostile {
  private static final List<Object> STRANGE =
      List.of(
          "",
          " ",
          "\u0000",
          "x".repeat(300),
          0,
          -1,
          1e300,
          Long.MAX_VALUE,
          true,
          new JsonObject(),
          new JsonArray(),
          new JsonArray().add(new JsonObject()),
          new JsonObject().put("topics", new JsonArray().add("tasks")));
  static final List<String> TEXTS =
      List.of(
          "",
          "null",
          "[]",
          "{",
          "{}",
          "{\"type\":1}",
          "{\"type\":\"hello\"}",
          "{\"type\":\"req\",\"type\":\"req\",\"id\":\"d\",\"method\":\"ping\"}",
          "{\"type\":\"req\",\"id\":\"n\",\"method\":\"resume\",\"params\":"
              + "{\"epoch\":\"e\",\"seq\":1e999999999}}",
          "{\"type\":\"req\",\"id\":\"h\",\"method\":\"publish\",\"params\":"
              + "{\"topic\":\"custom:a\",\"payload\":{\"half\":\"\\ud800\"}}}",
          "[".repeat(50_000),
          "{\"a\":".repeat(1_000),
          "\"" + "x".repeat(60_000) + "\"");

  private Hostile() {}

  /// Adds, removes or changes one member.
  static void spoil(JsonObject object, RandomGenerator random) {
    List<String> names = new ArrayList<>(object.fieldNames());
    switch (names.isEmpty() ? 0 : random.nextInt(3)) {
      case 0 -> object.put("extra", strange(random));
      case 1 -> object.remove(Values.pick(names, random));
      default -> object.put(Values.pick(names, random), strange(random));
    }
  }

  /// A value of its own: one that is shared could come to hold itself.
  private static Object strange(RandomGenerator random) {
    return switch (Values.pick(STRANGE, random)) {
      case JsonObject object -> object.copy();
      case JsonArray array -> array.copy();
      case Object plain -> plain;
    };
  }
}
