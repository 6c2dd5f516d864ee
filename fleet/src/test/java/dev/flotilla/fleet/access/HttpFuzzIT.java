package dev.flotilla.fleet.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.flotilla.identity.Role;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;

/// Every operation of the OpenAPI document with values that it describes and with others: whatever
/// comes, the answer is one that the client can act on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpFuzzIT {
  private static final int ROUNDS = 12;
  private static final List<Object> HOSTILE =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "9".repeat(30),
          "null",
          "x".repeat(5_000),
          "../../etc/passwd",
          "'; drop table tasks; --",
          "\u0000",
          "\uD800",
          "𝄞",
          "true",
          "1e400",
          -1,
          Long.MAX_VALUE,
          1.5,
          true);

  private final House house = House.open();
  private final JsonObject document = house.rest().get("/api/v1/openapi.json").json();
  private final SplittableRandom random = new SplittableRandom(20_261_120);

  @AfterAll
  void close() {
    house.close();
  }

  @TestFactory
  Stream<DynamicTest> nothingMakesAnOperationFail() {
    List<DynamicTest> tests = new ArrayList<>();
    for (String path : document.getJsonObject("paths").fieldNames()) {
      JsonObject verbs = document.getJsonObject("paths").getJsonObject(path);
      for (String verb : verbs.fieldNames()) {
        JsonObject operation = verbs.getJsonObject(verb);
        tests.add(
            DynamicTest.dynamicTest(
                operation.getString("operationId"), () -> fuzz(path, verb, operation)));
      }
    }
    assertThat(tests).hasSizeGreaterThan(50);
    return tests.stream();
  }

  private void fuzz(String path, String verb, JsonObject operation) {
    Rest rest = house.rest().bearer(house.token("fuzzed", "mallory", Role.PLATFORM));
    for (int round = 0; round < ROUNDS; round++) {
      String body = body(operation);
      String place = "/api/v1" + place(path, operation);
      Rest.Answer answer = rest.send(verb.toUpperCase(java.util.Locale.ROOT), place, body);
      assertThat(isAnAnswer(answer))
          .as("%s %s %s -> %d %s", verb, place, body, answer.status(), answer.body())
          .isTrue();
    }
  }

  /// What is not there now is no failure of the program: the fleet says so, and when to ask again.
  private static boolean isAnAnswer(Rest.Answer answer) {
    return answer.status() < 500
        || (answer.status() == 503 && answer.json().getString("reason").equals("UNAVAILABLE"));
  }

  private String place(String path, JsonObject operation) {
    String place = path;
    StringBuilder query = new StringBuilder();
    for (Object each : operation.getJsonArray("parameters", new JsonArray())) {
      JsonObject parameter = (JsonObject) each;
      String name = parameter.getString("name");
      switch (parameter.getString("in")) {
        case "path" ->
            place =
                place.replace("{" + name + "}", encoded(text(parameter.getJsonObject("schema"))));
        case "query" -> {
          if (random.nextInt(3) > 0) {
            query.append(query.isEmpty() ? '?' : '&').append(name).append('=');
            query.append(encoded(text(parameter.getJsonObject("schema"))));
          }
        }
        default -> {
          // Headers are other tests' business.
        }
      }
    }
    return place + query;
  }

  /// An empty segment would be another path.
  private String text(JsonObject schema) {
    String text = String.valueOf(value(schema, 0));
    return text.isBlank() || text.equals(".") || text.equals("..") ? "t-1" : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private String body(JsonObject operation) {
    JsonObject body = operation.getJsonObject("requestBody");
    if (body == null) {
      return "";
    }
    JsonObject content = body.getJsonObject("content");
    JsonObject schema =
        content.getJsonObject(content.fieldNames().iterator().next()).getJsonObject("schema");
    return switch (random.nextInt(8)) {
      case 0 -> Json.encode(HOSTILE.get(random.nextInt(HOSTILE.size())));
      case 1 -> "{\"a\":".repeat(2_000);
      case 2 -> "[]";
      default -> Json.encode(value(schema, 0));
    };
  }

  private Object value(JsonObject schema, int depth) {
    if (depth > 6 || random.nextInt(6) == 0) {
      return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }
    if (schema.containsKey("$ref")) {
      return value(referred(schema.getString("$ref")), depth + 1);
    }
    if (schema.containsKey("enum")) {
      JsonArray words = schema.getJsonArray("enum");
      return words.getValue(random.nextInt(words.size()));
    }
    Object type = schema.getValue("type");
    return switch (String.valueOf(type)) {
      case "integer", "number" -> random.nextInt(-2, 100_000);
      case "boolean" -> random.nextBoolean();
      case "array" -> array(schema, depth);
      case "object" -> object(schema, depth);
      default ->
          List.of("t-1", "alice", "eu", "*/5 * * * *", "ws://127.0.0.1:9", "word")
              .get(random.nextInt(6));
    };
  }

  private JsonArray array(JsonObject schema, int depth) {
    JsonArray array = new JsonArray();
    JsonObject items = schema.getJsonObject("items", new JsonObject());
    for (int i = random.nextInt(3); i > 0; i--) {
      array.add(value(items, depth + 1));
    }
    return array;
  }

  private JsonObject object(JsonObject schema, int depth) {
    JsonObject object = new JsonObject();
    JsonObject properties = schema.getJsonObject("properties", new JsonObject());
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    for (String name : properties.fieldNames()) {
      if (required.contains(name) ? random.nextInt(10) > 0 : random.nextInt(3) == 0) {
        object.put(name, value(properties.getJsonObject(name), depth + 1));
      }
    }
    return object;
  }

  private JsonObject referred(String reference) {
    JsonObject at = document;
    for (String part : reference.substring(2).split("/", -1)) {
      at = at.getJsonObject(part);
    }
    return at;
  }
}
