package dev.flotilla.command.work.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RecordField;
import io.vertx.sqlclient.Row;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a record, in the row of its table and in JSON. A field's column has its name in
/// snake case, so that each is named in one place only: the record.
record Shape<V extends Record>(Class<V> type, List<Field> fields) {
  private static final Pattern UPPER = Pattern.compile("[A-Z]");

  private static final ClassValue<List<Field>> FIELDS =
      new ClassValue<>() {
        @Override
        protected List<Field> computeValue(Class<?> type) {
          return RecordField.of(type).stream()
              .map(each -> new Field(each, column(each.name())))
              .toList();
        }
      };

  /// One field of the record.
  record Field(RecordField field, String column) {
    String name() {
      return field.name();
    }

    Class<?> type() {
      return field.type();
    }

    /// What the driver takes for the field.
    @Nullable Object argument(Record owner) {
      Object plain = field.get(owner);
      return switch (plain) {
        case null -> null;
        case Instant time -> time.atOffset(ZoneOffset.UTC);
        case Number number -> number;
        case List<?> list -> list.stream().map(String::valueOf).toArray(String[]::new);
        default -> Json.tree(plain).asText();
      };
    }

    private @Nullable JsonNode read(Row row) {
      JsonNodeFactory make = JsonNodeFactory.instance;
      if (row.getValue(column) == null) {
        return null;
      }
      Class<?> type = field.type();
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

  static <V extends Record> Shape<V> of(Class<V> type) {
    return new Shape<>(type, FIELDS.get(type));
  }

  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  static String column(String field) {
    return UPPER.matcher(field).replaceAll("_$0").toLowerCase(Locale.ROOT);
  }

  V read(Row row) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (Field field : fields) {
      JsonNode value = field.read(row);
      if (value != null) {
        json.set(field.name(), value);
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
}
