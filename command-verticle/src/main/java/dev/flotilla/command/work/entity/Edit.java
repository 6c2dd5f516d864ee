package dev.flotilla.command.work.entity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.command.pipeline.CommandContext;
import dev.flotilla.contract.FieldChange;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.Reason;
import dev.flotilla.wire.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One thing before and after a change of some of its fields.
///
/// @param changes what is different, in the words of the contract
public record Edit<V extends Record>(V before, V after, List<FieldChange> changes) {
  private static final String CLEAR = "clear";
  private static final String REVISION = "revision";
  private static final Set<String> BOOKKEEPING = Set.of(REVISION, "updatedAt", "updatedBy");

  /// How much of a long text a change shows.
  private static final int MAX_TEXT = 200;

  /// What a client may have meant: throws CONFLICT unless it is what is there.
  public static void requireRevision(String what, @Nullable Long meant, @Nullable Long actual) {
    if (meant != null && !meant.equals(actual)) {
      throw Fault.of(
              Reason.STALE_REVISION,
              "The %s has revision %d, not %d.".formatted(what, actual, meant))
          .asException();
    }
  }

  /// A thing with those of its fields that a command gives, without those that it clears.
  public static <V extends Record> Edit<V> of(V before, Record command, CommandContext context) {
    ObjectNode given = (ObjectNode) Json.tree(command);
    ObjectNode fields = Json.MAPPER.createObjectNode();
    given
        .properties()
        .forEach(
            each -> {
              if (!each.getKey().equals(REVISION) && !each.getValue().isNull()) {
                fields.set(each.getKey(), each.getValue());
              }
            });
    JsonNode cleared = fields.remove(CLEAR);
    if (cleared != null) {
      for (JsonNode name : cleared) {
        if (fields.has(name.asText())) {
          throw Fault.invalid(CLEAR, "'" + name.asText() + "' is given, too.").asException();
        }
        fields.putNull(name.asText());
      }
    }
    return of(before, fields, context);
  }

  /// @param fields new values by name; null takes one away
  @SuppressWarnings("unchecked") // It is the class of its own value.
  public static <V extends Record> Edit<V> of(V before, ObjectNode fields, CommandContext context) {
    Shape<V> shape = Shape.of((Class<V>) before.getClass());
    ObjectNode old = (ObjectNode) Json.tree(before);
    ObjectNode next = old.deepCopy();
    for (String name : shape.names()) {
      if (fields.has(name)) {
        put(next, name, fields.get(name));
      }
    }
    List<FieldChange> changes = changes(shape, old, next);
    if (!changes.isEmpty()) {
      stamp(shape, next, context);
    }
    return new Edit<>(before, shape.read(next), changes);
  }

  public boolean isEmpty() {
    return changes.isEmpty();
  }

  public boolean changes(String field) {
    return changes.stream().anyMatch(change -> change.fieldName().equals(field));
  }

  private static void put(ObjectNode json, String name, JsonNode value) {
    if (value.isNull()) {
      json.remove(name);
    } else {
      json.set(name, value);
    }
  }

  private static <V extends Record> void stamp(
      Shape<V> shape, ObjectNode next, CommandContext context) {
    List<String> names = shape.names();
    if (names.contains(REVISION)) {
      next.put(REVISION, next.path(REVISION).asLong() + 1);
    }
    if (names.contains("updatedAt")) {
      next.put("updatedAt", context.now().toEpochMilli());
    }
    if (names.contains("updatedBy")) {
      next.put("updatedBy", context.principal().user().value());
    }
  }

  private static <V extends Record> List<FieldChange> changes(
      Shape<V> shape, ObjectNode old, ObjectNode next) {
    List<FieldChange> changes = new ArrayList<>();
    for (Shape.Field field : shape.fields()) {
      String name = field.name();
      JsonNode was = old.get(name);
      JsonNode is = next.get(name);
      boolean same = was == null ? is == null : is != null && equal(was, is);
      if (!BOOKKEEPING.contains(name) && !same) {
        changes.add(new FieldChange(name, text(field, was), text(field, is)));
      }
    }
    return changes;
  }

  /// 3 and 3.0 are one number.
  private static boolean equal(JsonNode was, JsonNode is) {
    return (was.isNumber() && is.isNumber())
        ? Double.compare(was.asDouble(), is.asDouble()) == 0
        : was.equals(is);
  }

  private static @Nullable String text(Shape.Field field, @Nullable JsonNode value) {
    if (value == null || (value.isArray() && value.isEmpty())) {
      return null;
    }
    if (field.type() == Instant.class) {
      return Instant.ofEpochMilli(value.asLong()).toString();
    }
    if (field.type() == Double.class) {
      return Double.toString(value.asDouble());
    }
    String text = value.isArray() ? joined(value) : value.asText();
    return text.length() <= MAX_TEXT ? text : Excerpt.of(text, MAX_TEXT) + "…";
  }

  private static String joined(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asText()));
    return String.join(", ", texts);
  }
}
