package dev.flotilla.command.work.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import io.vertx.sqlclient.Row;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a record, in the row of its table and in JSON. A field's column has its name in
/// snake case, so that each is named in one place only: the record.
record Shape<V extends Record>(Class<V> type, List<RecordComponent> fields) {
  private static final Pattern UPPER = Pattern.compile("[A-Z]");

  static <V extends Record> Shape<V> of(Class<V> type) {
    return new Shape<>(type, List.of(type.getRecordComponents()));
  }

  List<String> names() {
    return fields.stream().map(RecordComponent::getName).toList();
  }

  static String column(String field) {
    return UPPER.matcher(field).replaceAll("_$0").toLowerCase(Locale.ROOT);
  }

  V read(Row row) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (RecordComponent field : fields) {
      JsonNode value = value(row, column(field.getName()), field.getType());
      if (value != null) {
        json.set(field.getName(), value);
      }
    }
    return read(json);
  }

  V read(ObjectNode json) {
    try {
      return Json.MAPPER.treeToValue(json, type);
    } catch (com.fasterxml.jackson.core.JsonProcessingException bug) {
      throw new UncheckedIOException(bug);
    }
  }

  /// What the driver takes for the field.
  @Nullable Object argument(V value, String name) {
    RecordComponent field =
        fields.stream().filter(each -> each.getName().equals(name)).findFirst().orElseThrow();
    Object plain = get(field, value);
    return switch (plain) {
      case null -> null;
      case Instant time -> time.atOffset(ZoneOffset.UTC);
      case Number number -> number;
      case List<?> list -> list.stream().map(String::valueOf).toArray(String[]::new);
      default -> Json.tree(plain).asText();
    };
  }

  private @Nullable Object get(RecordComponent field, V value) {
    try {
      return field.getAccessor().invoke(value);
    } catch (ReflectiveOperationException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private static @Nullable JsonNode value(Row row, String column, Class<?> type) {
    JsonNodeFactory make = JsonNodeFactory.instance;
    if (row.getValue(column) == null) {
      return null;
    }
    if (type == Instant.class) {
      return make.numberNode(row.getOffsetDateTime(column).toInstant().toEpochMilli());
    }
    if (type == List.class) {
      ArrayNode list = make.arrayNode();
      Arrays.asList(row.getArrayOfStrings(column)).forEach(list::add);
      return list;
    }
    if (type == Double.class) {
      return make.numberNode(row.getDouble(column));
    }
    if (type == int.class || type == long.class || type == Long.class) {
      return make.numberNode(row.getLong(column));
    }
    return make.textNode(row.getString(column));
  }
}
