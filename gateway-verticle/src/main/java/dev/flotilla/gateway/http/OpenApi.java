package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Rest;
import dev.flotilla.fault.FaultCode;
import dev.flotilla.fault.Reason;
import dev.flotilla.telemetry.Version;
import dev.flotilla.wire.Json;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The OpenAPI 3.1 document of REST, made from the command table and the schemas of the contract:
/// it cannot say anything else than what is served.
final class OpenApi {
  private static final Pattern IN_PATH = Pattern.compile(":(\\w+)");
  private static final String PROBLEM = "problem";

  private final ObjectNode document = Json.MAPPER.createObjectNode();
  private final SchemaShelf schemas;

  private OpenApi() {
    ObjectNode components = Json.MAPPER.createObjectNode();
    schemas = new SchemaShelf(components.putObject("schemas"));
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Flotilla")
        .put("version", Version.CURRENT)
        .put("description", "Each path is served under /api, too.")
        .putObject("license")
        .put("name", "Apache-2.0")
        .put("identifier", "Apache-2.0");
    document.putArray("servers").addObject().put("url", RestRoutes.PREFIXES.getFirst());
    ArrayNode security = document.putArray("security");
    security.addObject().putArray("bearer");
    security.addObject().putArray("cookie");
    ObjectNode paths = document.putObject("paths");
    for (CommandKind kind : CommandKind.values()) {
      String path = IN_PATH.matcher(kind.rest().path()).replaceAll("{$1}");
      operation(paths.withObjectProperty(path).putObject(verb(kind.rest())), kind);
    }
    AuthPaths.read().properties().forEach(path -> paths.set(path.getKey(), path.getValue()));
    document.set("components", components);
    carriers(components.putObject("securitySchemes"));
    problem(components.withObjectProperty("schemas").putObject(PROBLEM));
  }

  static byte[] bytes() {
    return Json.bytes(new OpenApi().document);
  }

  private static String verb(Rest rest) {
    return rest.verb().name().toLowerCase(Locale.ROOT);
  }

  private void operation(ObjectNode operation, CommandKind kind) {
    ObjectNode params = SchemaShelf.read(SchemaShelf.ofParams(kind));
    operation
        .put("operationId", kind.method())
        .put("summary", params.path("description").asText(kind.method()))
        .put("x-scope", kind.scope().wireName());
    operation.putArray("tags").add(kind.method().split("\\.", 2)[0]);
    ArrayNode parameters = operation.putArray("parameters");
    List<String> inPath =
        IN_PATH.matcher(kind.rest().path()).results().map(found -> found.group(1)).toList();
    for (String name : inPath) {
      parameter(parameters, "path", name, params.path("properties").path(name), true, kind);
    }
    if (kind.rest().verb() == Rest.Verb.GET) {
      params
          .path("properties")
          .properties()
          .forEach(
              field -> {
                if (!inPath.contains(field.getKey())) {
                  boolean needed = isRequired(params, field.getKey());
                  parameter(parameters, "query", field.getKey(), field.getValue(), needed, kind);
                }
              });
    }
    if (kind.changesState()) {
      parameters
          .addObject()
          .put("name", "Idempotency-Key")
          .put("in", "header")
          .put("description", "The same key answers the same request again, without a second run.")
          .putObject("schema")
          .put("type", "string")
          .put("maxLength", 128);
    }
    if (kind.changesState() && Revisions.has(kind.params())) {
      parameters
          .addObject()
          .put("name", "If-Match")
          .put("in", "header")
          .put("description", "The ETag of what is to be changed; 412 where it has changed since.")
          .putObject("schema")
          .put("type", "string");
    }
    if (kind.rest().verb() == Rest.Verb.POST || kind.rest().verb() == Rest.Verb.PATCH) {
      body(operation, kind, params, inPath);
    }
    ObjectNode responses = operation.putObject("responses");
    content(
        responses.putObject(Integer.toString(kind.rest().status())).put("description", "Done."),
        "application/json",
        schemas.put(SchemaShelf.ofResult(kind)));
    content(
        responses.putObject("default").put("description", "A problem."),
        "application/problem+json",
        "#/components/schemas/" + PROBLEM);
  }

  private void parameter(
      ArrayNode parameters,
      String in,
      String name,
      JsonNode schema,
      boolean required,
      CommandKind kind) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    if (required) {
      parameter.put("required", true);
    }
    parameter.set("schema", schemas.inline(schema, SchemaShelf.ofParams(kind)));
  }

  /// The params, without what is in the path.
  private void body(ObjectNode operation, CommandKind kind, ObjectNode params, List<String> path) {
    ObjectNode body = operation.putObject("requestBody");
    if (path.isEmpty()) {
      content(body, "application/json", schemas.put(SchemaShelf.ofParams(kind)));
      return;
    }
    ObjectNode rest = (ObjectNode) schemas.inline(params, SchemaShelf.ofParams(kind));
    rest.remove(List.of("$id", "$schema", "$defs"));
    path.forEach(name -> rest.withObjectProperty("properties").remove(name));
    ArrayNode required = Json.MAPPER.createArrayNode();
    params
        .path("required")
        .forEach(
            name -> {
              if (!path.contains(name.asText())) {
                required.add(name);
              }
            });
    rest.set("required", required);
    body.putObject("content").putObject("application/json").set("schema", rest);
  }

  private static void content(ObjectNode owner, String type, String ref) {
    owner.putObject("content").putObject(type).putObject("schema").put("$ref", ref);
  }

  private static boolean isRequired(ObjectNode params, String name) {
    for (JsonNode each : params.path("required")) {
      if (each.asText().equals(name)) {
        return true;
      }
    }
    return false;
  }

  private static void carriers(ObjectNode carriers) {
    carriers
        .putObject("bearer")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "An access token or an API key.");
    carriers
        .putObject("cookie")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "flotilla_session")
        .put("description", "With X-CSRF-Token, where something is changed.");
  }

  private static void problem(ObjectNode problem) {
    problem.put("type", "object").put("description", "Problem details, RFC 9457.");
    ObjectNode fields = problem.putObject("properties");
    for (String text : List.of("type", "title", "detail", "field", "correlationId")) {
      fields.putObject(text).put("type", "string");
    }
    fields.putObject("status").put("type", "integer");
    fields.putObject("retryable").put("type", "boolean");
    fields.putObject("retryAfterMs").put("type", "integer");
    words(fields.putObject("code"), FaultCode.values());
    words(fields.putObject("reason"), Reason.values());
  }

  private static void words(ObjectNode field, Enum<?>[] values) {
    ArrayNode words = field.put("type", "string").putArray("enum");
    Arrays.stream(values).map(Enum::name).forEach(words::add);
  }
}
