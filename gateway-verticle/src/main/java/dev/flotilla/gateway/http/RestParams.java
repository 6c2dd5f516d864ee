package dev.flotilla.gateway.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.contract.Rest;
import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.wire.StrictJson;
import dev.flotilla.wire.RawJson;
import dev.flotilla.wire.RecordField;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Path, query and body of a request to the params of its command. Texts become numbers, truth
/// values and lists (several, or one with commas) where the params record wants them; whether they
/// are right, the command's schema says.
final class RestParams {
  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,18}");

  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern SNAKE = Pattern.compile("_([a-z])");

  private RestParams() {}

  static RawJson of(CommandKind kind, Map<String, String> path, MultiMap query, ObjectNode body) {
    ObjectNode params = body.deepCopy();
    if (kind.rest().verb() == Rest.Verb.GET) {
      query.names().forEach(name -> put(params, kind, camel(name), query.getAll(name)));
    } else if (!query.isEmpty()) {
      throw Fault.invalid(query.names().iterator().next(), "This request has no query parameters.")
          .asException();
    }
    path.forEach((name, value) -> putOnce(params, kind, name, value));
    return StrictJson.raw(params);
  }

  /// `project_ids` is `projectIds`, as other protocols write it.
  private static String camel(String name) {
    return SNAKE.matcher(name).replaceAll(found -> found.group(1).toUpperCase(Locale.ROOT));
  }

  private static void putOnce(ObjectNode params, CommandKind kind, String name, String value) {
    if (params.has(name)) {
      throw Fault.invalid(name, "'" + name + "' is in the path already.").asException();
    }
    put(params, kind, name, List.of(value));
  }

  private static void put(ObjectNode params, CommandKind kind, String name, List<String> values) {
    Class<?> type = typeOf(kind, name);
    if (type == List.class) {
      ArrayNode list = params.putArray(name);
      values.forEach(value -> COMMA.splitAsStream(value).forEach(list::add));
      return;
    }
    if (values.size() > 1) {
      throw Fault.invalid(name, "'" + name + "' is there more than once.").asException();
    }
    String value = values.getFirst();
    if (isNumber(type) && INTEGER.matcher(value).matches()) {
      params.put(name, Long.parseLong(value));
    } else if (type == Boolean.class && (value.equals("true") || value.equals("false"))) {
      params.put(name, value.equals("true"));
    } else {
      params.put(name, value);
    }
  }

  /// Times are epoch milliseconds.
  private static boolean isNumber(Class<?> type) {
    return type == Integer.class || type == Long.class || type == Instant.class;
  }

  private static Class<?> typeOf(CommandKind kind, String name) {
    return RecordField.of(kind.params()).stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .<Class<?>>map(RecordField::type)
        .orElse(String.class);
  }
}
