package dev.flotilla.house;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.EventKind;
import dev.flotilla.fault.Reason;
import dev.flotilla.identity.Role;
import dev.flotilla.identity.Scope;
import dev.flotilla.telemetry.MeterNames;
import dev.flotilla.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// The generated reference pages, from the tables that the code runs on.
final class Reference {
  private static final String GENERATED =
      "<!-- Generated from the tables in `shared`; `make reference` writes it. -->\n\n";

  private Reference() {}

  /// Path below `docs/` to content.
  static Map<String, String> pages() throws IOException {
    Map<String, String> pages = new TreeMap<>();
    pages.put("protocol/commands.md", commands());
    pages.put("reference/events.md", events());
    pages.put("reference/faults.md", faults());
    pages.put("reference/scopes.md", scopes());
    pages.put("reference/metrics.md", metrics());
    return pages;
  }

  private static String commands() throws IOException {
    StringBuilder page = new StringBuilder("# Commands\n\n" + GENERATED);
    page.append(
        """
        Each is a method of the WebSocket dialect and a route below `/api/v1` and `/api`. One that changes
        state takes an idempotency key: required on the WebSocket (`idempotencyKey` of the frame), optional
        on REST (header `Idempotency-Key`; without it the request is executed but cannot be replayed).

        """);
    for (CommandKind kind : CommandKind.values()) {
      page.append("## ").append(kind.method()).append("\n\n");
      page.append("| | |\n|---|---|\n");
      row(
          page,
          "REST",
          "`%s %s`, answers %d"
              .formatted(
                  kind.rest().verb(),
                  kind.rest().path().replaceAll(":(\\w+)", "{$1}"),
                  kind.rest().status()));
      row(page, "scope", "`" + kind.scope().wireName() + "`");
      row(page, "changes state", kind.changesState() ? "yes" : "no");
      row(page, "answers with", "`" + kind.result().getSimpleName() + "`");
      page.append('\n');
      JsonNode schema = schema("command/" + kind.method());
      fields(page, schema);
      schema
          .path("$defs")
          .properties()
          .forEach(
              part -> {
                page.append("`").append(part.getKey()).append("`: ");
                page.append(part.getValue().path("description").asText("")).append("\n\n");
                fields(page, part.getValue());
              });
      page.append("Example params:\n\n```json\n")
          .append(pretty(resource("example/command/" + kind.method())))
          .append("\n```\n\n");
    }
    return page.toString().strip() + "\n";
  }

  private static String events() throws IOException {
    StringBuilder page = new StringBuilder("# Events\n\n" + GENERATED);
    for (EventKind kind : EventKind.values()) {
      page.append("## ").append(kind.schema()).append("\n\n");
      page.append("Event `").append(kind.wireName()).append("`, ");
      page.append(
          kind.durable()
              ? "durable: it has a `seq` and is resumed."
              : "ephemeral: no `seq`, not resumed.");
      page.append("\n\n");
      fields(page, schema("event/" + kind.schema()));
      page.append("Example payload:\n\n```json\n")
          .append(pretty(resource("example/event/" + kind.schema())))
          .append("\n```\n\n");
    }
    return page.toString().strip() + "\n";
  }

  private static String faults() {
    StringBuilder page = new StringBuilder("# Faults\n\n" + GENERATED);
    page.append("| code | reason | HTTP | retryable | what to do |\n|---|---|---|---|---|\n");
    for (Reason reason : Reason.values()) {
      row(
          page,
          "`" + reason.code() + "`",
          "`" + reason + "`",
          Integer.toString(reason.httpStatus()),
          reason.retryable() ? "yes" : "no",
          reason.advice());
    }
    return page.toString();
  }

  private static String scopes() {
    StringBuilder page = new StringBuilder("# Roles and scopes\n\n" + GENERATED);
    page.append("| scope |");
    for (Role role : Role.values()) {
      page.append(' ').append(role.wireName()).append(" |");
    }
    page.append("\n|---|").append("---|".repeat(Role.values().length)).append('\n');
    for (Scope scope : Scope.values()) {
      page.append("| `").append(scope.wireName()).append("` |");
      for (Role role : Role.values()) {
        page.append(role.scopes().contains(scope) ? " yes |" : " |");
      }
      page.append('\n');
    }
    return page.toString();
  }

  private static String metrics() {
    StringBuilder page = new StringBuilder("# Metrics\n\n" + GENERATED);
    page.append(
        "Names as Prometheus shows them, without the suffixes it adds (`_total`, `_seconds`).\n\n");
    page.append("| name | tags | meaning |\n|---|---|---|\n");
    for (Field field : MeterNames.class.getDeclaredFields()) {
      MeterNames.Meaning meaning = field.getAnnotation(MeterNames.Meaning.class);
      if (meaning != null) {
        row(page, "`" + value(field).replace('.', '_') + "`", meaning.tags(), meaning.value());
      }
    }
    return page.toString();
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private static void fields(StringBuilder page, JsonNode schema) {
    JsonNode properties = schema.path("properties");
    if (properties.isEmpty()) {
      page.append("No params.\n\n");
      return;
    }
    String required = schema.path("required").toString();
    page.append("| field | type | required | |\n|---|---|---|---|\n");
    properties
        .properties()
        .forEach(
            field ->
                row(
                    page,
                    "`" + field.getKey() + "`",
                    type(field.getValue()),
                    required.contains('"' + field.getKey() + '"') ? "yes" : "",
                    field.getValue().path("description").asText("")));
    page.append('\n');
  }

  private static String type(JsonNode schema) {
    StringJoiner type = new StringJoiner(", ");
    if (schema.has("enum")) {
      schema.get("enum").forEach(value -> type.add("`" + value.asText() + "`"));
    } else if (schema.has("$ref")) {
      type.add(name(schema.get("$ref").asText()));
    } else if (schema.path("items").has("$ref")) {
      type.add("array of " + name(schema.path("items").get("$ref").asText()));
    } else {
      type.add(
          schema.path("type").isArray()
              ? schema.path("type").toString()
              : schema.path("type").asText("any"));
    }
    Arrays.asList("minimum", "maximum", "minLength", "maxLength", "maxItems", "pattern")
        .forEach(
            rule -> {
              if (schema.has(rule)) {
                type.add(rule + " `" + schema.get(rule).asText().replace("|", "\\|") + "`");
              }
            });
    return type.toString();
  }

  /// `https://flotilla.dev/contract/work/work-item.json` is `work-item`.
  private static String name(String ref) {
    return ref.substring(ref.lastIndexOf('/') + 1).replace(".json", "");
  }

  private static void row(StringBuilder page, String... cells) {
    page.append(Arrays.stream(cells).collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private static String pretty(JsonNode node) throws IOException {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(node);
  }

  private static JsonNode schema(String name) throws IOException {
    return resource(name);
  }

  private static JsonNode resource(String name) throws IOException {
    String path = "/contract/" + name + ".json";
    try (InputStream in = Reference.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IOException("There is no " + path);
      }
      return Json.MAPPER.readTree(in);
    }
  }
}
