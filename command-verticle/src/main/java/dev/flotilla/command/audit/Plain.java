package dev.flotilla.command.audit;

import dev.flotilla.identity.TenantId;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import dev.flotilla.wire.RecordField;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What of a record may be written down: ids, enums, numbers, truth values and times. A text is
/// left out unless it is an id, whatever it is called: a secret is a text, and so is what people
/// say. A new field can therefore not leak by being forgotten.
public final class Plain {
  private static final String ID = "id";
  private static final int MOST_ITEMS = 20;
  private static final String IDENTITIES = "dev.flotilla.identity";

  private Plain() {}

  public static RawJson of(Record request) {
    Map<String, Object> plain = new LinkedHashMap<>();
    for (RecordField field : RecordField.of(request.getClass())) {
      Object value = field.get(request);
      if (value != null && isPlain(field.name(), value)) {
        plain.put(field.name(), value);
      }
    }
    return RawJson.of(plain);
  }

  /// The `id` of a request or an answer.
  public static @Nullable String id(Record record) {
    for (RecordField field : RecordField.of(record.getClass())) {
      if (field.name().equals(ID)) {
        Object value = field.get(record);
        return value == null ? null : Json.tree(value).asText();
      }
    }
    return null;
  }

  /// The tenant that a request names.
  public static @Nullable TenantId tenant(Record request) {
    for (RecordField field : RecordField.of(request.getClass())) {
      if (field.type() == TenantId.class) {
        return (TenantId) field.get(request);
      }
    }
    return null;
  }

  private static boolean isPlain(String name, Object value) {
    return switch (value) {
      case String _ -> name.equals(ID);
      case Number _, Boolean _, Enum<?> _, Instant _ -> true;
      case List<?> list ->
          list.size() <= MOST_ITEMS && list.stream().allMatch(item -> isPlain("", item));
      default -> value.getClass().getPackageName().equals(IDENTITIES);
    };
  }
}
