package dev.flotilla.gateway.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/// The AsyncAPI document of the chat dialect, as its authority reads it.
final class Contract {
  private static final String REF = "#/components/schemas/";
  private static final JsonObject DOCUMENT = read();
  private static final Map<String, Validator> VALIDATORS = new ConcurrentHashMap<>();

  private Contract() {}

  static JsonObject document() {
    return DOCUMENT;
  }

  /// Types of messages that clients send, or that the server sends.
  ///
  /// @param action `receive` or `send`, as the server sees it; replies are sent
  static Set<String> types(String action) {
    Set<String> types = new TreeSet<>();
    operations()
        .forEach(
            (_, operation) -> {
              if (action.equals(operation.getString("action"))) {
                types.addAll(messages(operation));
              } else if (operation.containsKey("reply")) {
                types.addAll(messages(operation.getJsonObject("reply")));
              }
            });
    return types;
  }

  static Map<String, JsonObject> operations() {
    return objects(DOCUMENT.getJsonObject("operations"));
  }

  static Map<String, JsonObject> messages() {
    return objects(DOCUMENT.getJsonObject("components").getJsonObject("messages"));
  }

  /// Every example of every message, by its name.
  static Map<String, JsonObject> examples() {
    Map<String, JsonObject> examples = new LinkedHashMap<>();
    messages()
        .values()
        .forEach(
            message -> {
              for (Object each : message.getJsonArray("examples")) {
                JsonObject example = (JsonObject) each;
                examples.put(example.getString("name"), example.getJsonObject("payload"));
              }
            });
    return examples;
  }

  static JsonObject example(String name) {
    return Objects.requireNonNull(examples().get(name)).copy();
  }

  static OutputUnit check(String type, JsonObject message) {
    return VALIDATORS.computeIfAbsent(type, Contract::validator).validate(message);
  }

  static boolean accepts(String type, JsonObject message) {
    return check(type, message).getValid();
  }

  /// The last part of what a reference points to.
  static String target(Object reference) {
    String path = ((JsonObject) reference).getString("$ref");
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static Set<String> messages(JsonObject of) {
    Set<String> types = new TreeSet<>();
    of.getJsonArray("messages").forEach(reference -> types.add(target(reference)));
    return types;
  }

  private static Validator validator(String type) {
    JsonObject components = DOCUMENT.getJsonObject("components");
    JsonObject payload =
        components.getJsonObject("messages").getJsonObject(type).getJsonObject("payload");
    JsonObject schema =
        ((JsonObject) moved(payload))
            .put("$id", "https://flotilla.dev/contract/chat/" + type)
            .put("$defs", moved(components.getJsonObject("schemas")));
    return Validator.create(
        JsonSchema.of(schema),
        new JsonSchemaOptions()
            .setBaseUri("https://flotilla.dev")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic));
  }

  /// The same with references to where a schema of its own keeps its parts.
  private static Object moved(Object value) {
    return switch (value) {
      case JsonObject object -> {
        JsonObject moved = new JsonObject();
        object.forEach(entry -> moved.put(entry.getKey(), moved(entry.getValue())));
        yield moved;
      }
      case JsonArray array -> {
        JsonArray moved = new JsonArray();
        array.forEach(item -> moved.add(moved(item)));
        yield moved;
      }
      case String text when text.startsWith(REF) -> "#/$defs/" + text.substring(REF.length());
      default -> value;
    };
  }

  private static Map<String, JsonObject> objects(JsonObject parent) {
    Map<String, JsonObject> objects = new LinkedHashMap<>();
    parent.forEach(entry -> objects.put(entry.getKey(), (JsonObject) entry.getValue()));
    return objects;
  }

  private static JsonObject read() {
    try (InputStream in = Contract.class.getResourceAsStream("/contract/chat/chat.yml")) {
      JsonNode document = new YAMLMapper().readTree(in);
      return new JsonObject(document.toString());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
