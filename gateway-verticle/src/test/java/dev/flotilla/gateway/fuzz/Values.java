package dev.flotilla.gateway.fuzz;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// JSON that a schema of the contract accepts.
final class Values {
  private static final String OWN = "#/$defs/";
  /// A text for each pattern that the contract has: whoever adds one adds it here.
  private static final Map<String, List<String>> TEXTS =
      Map.of(
          "^[!-~]{1,128}$", List.of("a", "~", "\"\\/", "x".repeat(128)),
          "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
              List.of("0198a3c0-7b1e-7000-8000-00000000000a"),
          "^[ -~]{1,64}$", List.of(" ", "sdk one", "y".repeat(64)),
          "^[A-Za-z0-9][A-Za-z0-9._@-]{0,127}$", List.of("t-1", "A", "9".repeat(128)),
          "^(#[0-9]{1,3}|[A-Za-z0-9][A-Za-z0-9._@-]{0,127})$", List.of("#0", "t-1"),
          "^[^\\u0000-\\u001f\\u007f]+$", List.of("word", "zwei Wörter", "𝄞"),
          "^[^\\u0000]*$", List.of("prompt", "é\n\t", "𝄞".repeat(20)),
          "^https?://[^\\s\\u0000]+$", List.of("http://127.0.0.1:1", "https://x"),
          "^([A-Za-z0-9][A-Za-z0-9._@-]{0,127})?$", List.of("", "eu"),
          "^wss?://[^\\s\\u0000]+$", List.of("ws://127.0.0.1:1"));

  private final String path;
  private final JsonObject root;

  private Values(String path, JsonObject root) {
    this.path = path;
    this.root = root;
  }

  /// @param path of the schema below `/contract/`
  static JsonObject object(String path, RandomGenerator random) {
    JsonObject schema = schema(path);
    return (JsonObject) new Values(path, schema).value(schema, random);
  }

  /// What a reference stands for: a definition of the same file, or a file beside it.
  private Object referred(String reference, RandomGenerator random) {
    if (reference.startsWith(OWN)) {
      JsonObject own = root.getJsonObject("$defs").getJsonObject(reference.substring(OWN.length()));
      return value(own, random);
    }
    return object(path.substring(0, path.lastIndexOf('/') + 1) + reference, random);
  }

  static JsonObject schema(String path) {
    try (InputStream in = Values.class.getResourceAsStream("/contract/" + path)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no " + path);
      }
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private Object value(JsonObject schema, RandomGenerator random) {
    if (schema.containsKey("$ref")) {
      return referred(schema.getString("$ref"), random);
    }
    if (schema.containsKey("const")) {
      return schema.getValue("const");
    }
    if (schema.containsKey("enum")) {
      JsonArray values = schema.getJsonArray("enum");
      return values.getValue(random.nextInt(values.size()));
    }
    return switch (schema.getString("type")) {
      case "object" -> members(schema, random);
      case "array" -> items(schema, random);
      case "integer" -> integer(schema, random);
      case "number" -> Math.max(random.nextDouble(), 1e-6);
      case "boolean" -> random.nextBoolean();
      case "string" -> text(schema, random);
      default -> throw new IllegalArgumentException("no value for " + schema.encode());
    };
  }

  private JsonObject members(JsonObject schema, RandomGenerator random) {
    JsonObject object = new JsonObject();
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    schema
        .getJsonObject("properties", new JsonObject())
        .forEach(
            member -> {
              if (required.contains(member.getKey()) || random.nextBoolean()) {
                object.put(member.getKey(), value((JsonObject) member.getValue(), random));
              }
            });
    return object;
  }

  private JsonArray items(JsonObject schema, RandomGenerator random) {
    JsonArray array = new JsonArray();
    int most = Math.min(schema.getInteger("maxItems", 4), 4);
    int count = random.nextInt(schema.getInteger("minItems", 0), most + 1);
    while (array.size() < count) {
      array.add(value(schema.getJsonObject("items"), random));
    }
    return array;
  }

  private static long integer(JsonObject schema, RandomGenerator random) {
    long from = schema.getLong("minimum", -1_000L);
    long to = schema.getLong("maximum", 1_000L);
    return switch (random.nextInt(3)) {
      case 0 -> from;
      case 1 -> to;
      default -> random.nextLong(from, to + 1);
    };
  }

  private static String text(JsonObject schema, RandomGenerator random) {
    String pattern = schema.getString("pattern");
    if (pattern == null) {
      int most = Math.min(schema.getInteger("maxLength", 40), 200);
      return "tasks".repeat(40).substring(0, random.nextInt(1, most + 1));
    }
    List<String> texts = TEXTS.get(pattern);
    if (texts == null) {
      throw new IllegalArgumentException("no text for " + pattern);
    }
    return pick(texts, random);
  }

  static <T> T pick(List<T> list, RandomGenerator random) {
    return list.get(random.nextInt(list.size()));
  }
}
