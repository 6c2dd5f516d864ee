package dev.flotilla.command.pipeline;

import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.wire.RecordField;
import io.vertx.json.schema.OutputUnit;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What is wrong with params that do not fit their schema, in words that help who sent them.
final class Misfit {
  private static final Pattern MISSING = Pattern.compile("property \"([^\"]+)\"");
  private static final Pattern CHOICE = Pattern.compile("\\[(\".*\")]");

  private Misfit() {}

  /// A field that nobody knows, or else the most specific of the errors: the last, since outer ones
  /// only say that a part is wrong. The library calls a known field with a bad value additional,
  /// too.
  static Fault in(CommandKind kind, OutputUnit outcome) {
    List<OutputUnit> errors = Objects.requireNonNullElse(outcome.getErrors(), List.of());
    OutputUnit last = null;
    for (OutputUnit error : errors) {
      boolean additional = isAbout(error, "additionalProperties");
      if (additional && typeOf(kind, placeOf(error)) == null) {
        return unknown(kind, placeOf(error));
      }
      last = additional ? last : error;
    }
    return last == null
        ? Fault.invalid("params", "params do not match the schema.")
        : explained(last);
  }

  private static Fault unknown(CommandKind kind, String field) {
    int dot = field.lastIndexOf('.');
    Type owner = dot < 0 ? kind.params() : typeOf(kind, field.substring(0, dot));
    return Fault.invalid(field, "There is no field '" + field + "' here" + known(owner) + ".");
  }

  private static String known(@Nullable Type owner) {
    if (owner instanceof Class<?> type && type.isRecord()) {
      String names =
          RecordField.of(type).stream().map(RecordField::name).collect(Collectors.joining(", "));
      return names.isEmpty() ? "; there are none" : "; there are " + names;
    }
    return "";
  }

  private static Fault explained(OutputUnit error) {
    String place = placeOf(error);
    if (isAbout(error, "required")) {
      Matcher missing = MISSING.matcher(error.getError());
      if (missing.find()) {
        String field = place.isEmpty() ? missing.group(1) : place + "." + missing.group(1);
        return Fault.invalid(field, field + " is missing.");
      }
    }
    String field = place.isEmpty() ? "params" : place;
    Matcher choice = CHOICE.matcher(error.getError());
    if (isAbout(error, "enum") && choice.find()) {
      String allowed = choice.group(1).replace("\",\"", ", ").replace("\"", "");
      return Fault.invalid(field, field + " is one of " + allowed + ".");
    }
    return Fault.invalid(field, field + ": " + error.getError() + ".");
  }

  private static boolean isAbout(OutputUnit error, String keyword) {
    return error.getKeywordLocation().endsWith("/" + keyword);
  }

  /// A path through records and lists, such as `tasks.3.retry.delayMs`; empty for the params
  /// themselves.
  private static String placeOf(OutputUnit error) {
    return error.getInstanceLocation().replaceFirst("^#/?", "").replace('/', '.');
  }

  /// Null where there is no such field.
  private static @Nullable Type typeOf(CommandKind kind, String place) {
    Type type = kind.params();
    for (String step : place.split("\\.", -1)) {
      if (type instanceof ParameterizedType list) {
        type = list.getActualTypeArguments()[0];
      } else {
        type = componentOf(type, step);
      }
      if (type == null) {
        return null;
      }
    }
    return type;
  }

  private static @Nullable Type componentOf(Type type, String name) {
    if (type instanceof Class<?> record && record.isRecord()) {
      for (RecordComponent component : record.getRecordComponents()) {
        if (component.getName().equals(name)) {
          return component.getGenericType();
        }
      }
    }
    return null;
  }
}
