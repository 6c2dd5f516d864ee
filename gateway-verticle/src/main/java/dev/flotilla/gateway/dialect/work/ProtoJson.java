package dev.flotilla.gateway.dialect.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Messages of `work.proto`, and the JSON of commands and results that says the same. A field has
/// one name in both, each in its own spelling; the record of the command or the result says what is
/// always there, and which numbers are times: seconds in a message, unless its field ends in `_ms`,
/// and milliseconds in JSON.
public final class ProtoJson {
  private static final JsonNodeFactory MAKE = JsonNodeFactory.instance;
  private static final String CLEAR = "clear";

  /// Fields whose values are names of fields.
  private static final Set<String> NAMES = Set.of(CLEAR, "field");

  private static final Pattern UNDERSCORED = Pattern.compile("_([a-z])");
  private static final long LAST_SECOND = 253_402_300_799L;

  private ProtoJson() {}

  /// Throws INVALID_FIELD for what JSON cannot say.
  public static ObjectNode json(Message message, Class<?> record) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    for (RecordComponent component : record.getRecordComponents()) {
      FieldDescriptor field = field(message.getDescriptorForType(), component.getName());
      if (field != null && isGiven(message, field, component)) {
        json.set(component.getName(), value(message.getField(field), field, component));
      }
    }
    empty(json, message.getDescriptorForType());
    return json;
  }

  /// What is not in the record is left out: it may be of a newer node.
  public static void fill(Message.Builder message, JsonNode json, Class<?> record) {
    for (RecordComponent component : record.getRecordComponents()) {
      JsonNode value = json.path(component.getName());
      FieldDescriptor field = field(message.getDescriptorForType(), component.getName());
      if (field == null || value.isNull() || value.isMissingNode()) {
        continue;
      }
      if (field.isRepeated()) {
        value.forEach(
            each -> message.addRepeatedField(field, one(message, each, field, component)));
      } else {
        message.setField(field, one(message, value, field, component));
      }
    }
  }

  /// A fault about a field, by the name that the field has in the messages.
  static Fault inProto(Fault fault) {
    String field = fault.field();
    return field == null
        ? fault
        : new Fault(fault.reason(), fault.message(), Things.snake(field), fault.retryAfterMs());
  }

  private static @Nullable FieldDescriptor field(Descriptor message, String name) {
    for (FieldDescriptor field : message.getFields()) {
      if (field.getJsonName().equals(name) || field.getJsonName().equals(name + "Ms")) {
        return field;
      }
    }
    return null;
  }

  private static boolean isGiven(
      Message message, FieldDescriptor field, RecordComponent component) {
    if (isUnspecified(message.getField(field))) {
      return false;
    }
    if (field.hasPresence()) {
      return message.hasField(field);
    }
    boolean always = !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    return always || !field.isRepeated() || message.getRepeatedFieldCount(field) > 0;
  }

  private static boolean isUnspecified(Object value) {
    return value instanceof EnumValueDescriptor constant && constant.getNumber() == 0;
  }

  private static JsonNode value(Object value, FieldDescriptor field, RecordComponent component) {
    if (value instanceof Collection<?> list) {
      ArrayNode all = MAKE.arrayNode();
      list.forEach(each -> all.add(one(each, field, component)));
      return all;
    }
    return one(value, field, component);
  }

  private static JsonNode one(Object value, FieldDescriptor field, RecordComponent component) {
    return switch (field.getJavaType()) {
      case INT -> MAKE.numberNode((Integer) value);
      case LONG ->
          MAKE.numberNode(isInSeconds(field, component) ? millis(value, field) : number(value));
      case DOUBLE -> MAKE.numberNode(finite(value, field));
      case BOOLEAN -> MAKE.booleanNode((Boolean) value);
      case STRING -> text((String) value, field, component);
      case ENUM -> MAKE.textNode(word((EnumValueDescriptor) value, field));
      case MESSAGE -> json((Message) value, type(component));
      case FLOAT, BYTE_STRING -> throw new IllegalStateException(field.getFullName());
    };
  }

  private static Object one(
      Message.Builder owner, JsonNode value, FieldDescriptor field, RecordComponent component) {
    return switch (field.getJavaType()) {
      case INT -> value.asInt();
      case LONG ->
          isInSeconds(field, component) ? Math.floorDiv(value.asLong(), 1000L) : value.asLong();
      case DOUBLE -> value.asDouble();
      case BOOLEAN -> value.asBoolean();
      case STRING -> text(value, field);
      case ENUM -> constant(field.getEnumType(), value.asText());
      case MESSAGE -> {
        Message.Builder inner = owner.newBuilderForField(field);
        fill(inner, value, type(component));
        yield inner.build();
      }
      case FLOAT, BYTE_STRING -> throw new IllegalStateException(field.getFullName());
    };
  }

  private static boolean isInSeconds(FieldDescriptor field, RecordComponent component) {
    return component.getType() == Instant.class && !field.getName().endsWith("_ms");
  }

  private static long number(Object value) {
    return (Long) value;
  }

  private static long millis(Object value, FieldDescriptor field) {
    long seconds = number(value);
    if (Math.abs(seconds) > LAST_SECOND) {
      throw wrong(field, "must be a time in seconds");
    }
    return seconds * 1000;
  }

  private static double finite(Object value, FieldDescriptor field) {
    double number = (Double) value;
    if (!Double.isFinite(number)) {
      throw wrong(field, "must be a number");
    }
    return number;
  }

  private static JsonNode text(String value, FieldDescriptor field, RecordComponent component) {
    if (component.getType() == RawJson.class) {
      return Json.read(value, JsonNode.class);
    }
    return MAKE.textNode(NAMES.contains(field.getName()) ? camel(value, field) : value);
  }

  private static String text(JsonNode value, FieldDescriptor field) {
    if (!value.isTextual()) {
      return value.toString();
    }
    return NAMES.contains(field.getName()) ? Things.snake(value.asText()) : value.asText();
  }

  /// `assignee_id` is `assigneeId`. What is cleared has to be a field of the same message.
  private static String camel(String name, FieldDescriptor field) {
    if (field.getName().equals(CLEAR) && field.getContainingType().findFieldByName(name) == null) {
      throw wrong(field, "must name fields of this message");
    }
    return UNDERSCORED.matcher(name).replaceAll(at -> at.group(1).toUpperCase(Locale.ROOT));
  }

  /// A list that is empty cannot be told from one that is not given, so it is named as cleared.
  private static void empty(ObjectNode json, Descriptor message) {
    if (json.get(CLEAR) instanceof ArrayNode names) {
      for (int i = names.size() - 1; i >= 0; i--) {
        String name = names.get(i).asText();
        if (Objects.requireNonNull(field(message, name)).isRepeated() && !json.has(name)) {
          names.remove(i);
          json.putArray(name);
        }
      }
      if (names.isEmpty()) {
        json.remove(CLEAR);
      }
    }
  }

  /// What comes after the name that all constants of an enum begin with.
  private static String word(EnumValueDescriptor constant, FieldDescriptor field) {
    if (constant.getIndex() < 0) {
      throw wrong(field, "has a value that this server does not know");
    }
    return constant
        .getName()
        .substring(prefix(constant.getType()).length())
        .toLowerCase(Locale.ROOT);
  }

  /// One that this version does not know yet is not said.
  private static EnumValueDescriptor constant(EnumDescriptor type, String word) {
    EnumValueDescriptor known = type.findValueByName(prefix(type) + word.toUpperCase(Locale.ROOT));
    return known == null ? type.getValues().getFirst() : known;
  }

  private static String prefix(EnumDescriptor type) {
    return type.getValues().getFirst().getName().replace("UNSPECIFIED", "");
  }

  /// Of one thing, or of those in a list.
  private static Class<?> type(RecordComponent component) {
    return component.getType() == List.class
            && component.getGenericType() instanceof ParameterizedType list
        ? (Class<?>) list.getActualTypeArguments()[0]
        : component.getType();
  }

  private static FaultException wrong(FieldDescriptor field, String rule) {
    return Fault.invalid(field.getName(), "'" + field.getName() + "' " + rule + ".").asException();
  }
}
