package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.Locale;

/// Schemas of the contract inside one document: each file once, and every reference to a file is
/// one to its place here.
///
/// @param shelf `components.schemas` of the document
record SchemaShelf(ObjectNode shelf) {
  private static final String BASE = "https://flotilla.dev/contract/";
  private static final String HERE = "#/components/schemas/";
  private static final String REF = "$ref";

  static String ofParams(CommandKind kind) {
    return "command/" + kind.method() + ".json";
  }

  /// `TaskView` is described by `task-view.json`.
  static String ofResult(CommandKind kind) {
    String name = kind.result().getSimpleName().replaceAll("([a-z])([A-Z])", "$1-$2");
    return "result/" + name.toLowerCase(Locale.ROOT) + ".json";
  }

  /// @return the reference to the file's schema
  String put(String file) {
    String name = file.replace(".json", "").replace('/', '.');
    if (!shelf.has(name)) {
      shelf.putObject(name); // It may refer to itself.
      ObjectNode schema = (ObjectNode) inline(read(file), file);
      schema.remove("$id");
      schema.remove("$schema");
      shelf.set(name, schema);
    }
    return HERE + name;
  }

  /// A part of a file's schema, to stand anywhere in the document.
  JsonNode inline(JsonNode part, String file) {
    if (part instanceof ArrayNode list) {
      ArrayNode copy = Json.MAPPER.createArrayNode();
      list.forEach(item -> copy.add(inline(item, file)));
      return copy;
    }
    if (!(part instanceof ObjectNode object)) {
      return part;
    }
    ObjectNode copy = Json.MAPPER.createObjectNode();
    for (var field : object.properties()) {
      boolean ref = field.getKey().equals(REF) && field.getValue().isTextual();
      copy.set(
          field.getKey(),
          ref
              ? copy.textNode(place(field.getValue().textValue(), file))
              : inline(field.getValue(), file));
    }
    return copy;
  }

  private String place(String ref, String file) {
    URI target = URI.create(BASE + file).resolve(ref);
    String fragment = target.getFragment();
    String path = target.toString().replaceFirst("#.*", "").substring(BASE.length());
    return put(path) + (fragment == null ? "" : fragment);
  }

  static ObjectNode read(String file) {
    try (InputStream in = CommandKind.class.getResourceAsStream("/contract/" + file)) {
      if (in == null) {
        throw new IllegalStateException("There is no schema " + file);
      }
      return (ObjectNode) Json.MAPPER.readTree(in);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
