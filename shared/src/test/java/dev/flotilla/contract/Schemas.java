package dev.flotilla.contract;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.wire.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The contract's schemas and examples, as they lie in the resources.
final class Schemas {
  private static final Path ROOT = Path.of("src/main/resources/contract");
  static final String BASE = "https://flotilla.dev/contract/";

  private final SchemaRepository repository =
      SchemaRepository.create(
          new JsonSchemaOptions()
              .setBaseUri(BASE)
              .setDraft(Draft.DRAFT202012)
              .setOutputFormat(OutputFormat.Basic));

  Schemas() {
    for (String group : new String[] {"command", "result", "event", "work"}) {
      files(group)
          .forEach(
              (name, text) ->
                  repository.dereference(
                      BASE + group + "/" + name, JsonSchema.of(new JsonObject(text))));
    }
  }

  /// File names of a folder and their text, such as `task.get.json`.
  static Map<String, String> files(String folder) {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(ROOT.resolve(folder))) {
      for (Path file : all.toList()) {
        files.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    return files;
  }

  static JsonNode schema(String path) {
    try {
      return Json.MAPPER.readTree(Files.readString(ROOT.resolve(path)));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  OutputUnit validate(String path, String json) {
    return repository.validator(BASE + path).validate(new JsonObject(json));
  }
}
