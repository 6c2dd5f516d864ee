package dev.flotilla.gateway.dialect.control;

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
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The contract's schemas and examples, as the contract's authority reads them.
final class Schemas {
  private static final Map<String, Validator> VALIDATORS = new ConcurrentHashMap<>();

  private Schemas() {}

  static String resource(String path) {
    try (InputStream in = Schemas.class.getResourceAsStream("/contract/" + path)) {
      if (in == null) {
        throw new IllegalArgumentException("no " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static JsonObject example(String name) {
    return new JsonObject(resource("example/control/" + name + ".json"));
  }

  static OutputUnit check(String schema, JsonObject value) {
    return VALIDATORS.computeIfAbsent(schema, Schemas::validator).validate(value);
  }

  static boolean accepts(String schema, JsonObject value) {
    return check(schema, value).getValid();
  }

  private static Validator validator(String schema) {
    return Validator.create(
        JsonSchema.of(new JsonObject(resource("control/" + schema + ".json"))),
        new JsonSchemaOptions()
            .setBaseUri("https://flotilla.dev")
            .setDraft(Draft.DRAFT202012)
            .setOutputFormat(OutputFormat.Basic));
  }
}
