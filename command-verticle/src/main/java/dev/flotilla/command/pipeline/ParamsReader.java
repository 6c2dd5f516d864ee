package dev.flotilla.command.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.flotilla.contract.Command;
import dev.flotilla.contract.CommandKind;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.wire.Json;
import dev.flotilla.wire.RawJson;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Params as they came, to a command: checked against the schema of the contract, then decoded.
public final class ParamsReader {
  private static final String BASE = "https://flotilla.dev/contract/command/";
  private static final Pattern NAMED =
      Pattern.compile("property \"([^\"]+)\"|^Property \"([^\"]+)\"");

  private final Map<CommandKind, Validator> validators = new EnumMap<>(CommandKind.class);

  public ParamsReader() {
    SchemaRepository repository =
        SchemaRepository.create(
            new JsonSchemaOptions()
                .setBaseUri(BASE)
                .setDraft(Draft.DRAFT202012)
                .setOutputFormat(OutputFormat.Basic));
    for (CommandKind kind : CommandKind.values()) {
      repository.dereference(uri(kind), JsonSchema.of(schema(kind)));
    }
    for (CommandKind kind : CommandKind.values()) {
      validators.put(kind, repository.validator(uri(kind)));
    }
  }

  private static String uri(CommandKind kind) {
    return BASE + kind.method() + ".json";
  }

  /// Throws a VALIDATION_ERROR that names the field.
  public void check(CommandKind kind, RawJson params) {
    requireUnicode(params.text());
    JsonObject object;
    try {
      object = new JsonObject(params.text());
    } catch (DecodeException notAnObject) {
      throw Fault.invalid("params", "params must be a JSON object.").asException();
    }
    Validator validator = validators.get(kind);
    if (validator == null) {
      throw new IllegalStateException("No schema for " + kind);
    }
    OutputUnit outcome = validator.validate(object);
    if (!Boolean.TRUE.equals(outcome.getValid())) {
      throw explain(kind, outcome);
    }
  }

  public Command decode(CommandKind kind, RawJson params) {
    try {
      return Json.MAPPER.readValue(params.text(), kind.params());
    } catch (JsonMappingException bad) {
      Fault inner = bad.getCause() == null ? null : FaultException.in(bad.getCause());
      String field =
          bad.getPath().isEmpty()
              ? "params"
              : String.valueOf(bad.getPath().getFirst().getFieldName());
      throw Fault.invalid(field, inner == null ? field + " is not valid." : inner.message())
          .asException();
    } catch (JsonProcessingException bad) {
      throw Fault.invalid("params", "params must be a JSON object.").asException();
    }
  }

  /// A field that nobody knows, or else the most specific of the errors: the last, since outer ones
  /// only say that a part is wrong. The library calls a known field with a bad value additional,
  /// too.
  private static FaultException explain(CommandKind kind, OutputUnit outcome) {
    List<OutputUnit> errors = Objects.requireNonNullElse(outcome.getErrors(), List.of());
    OutputUnit last = null;
    for (OutputUnit error : errors) {
      boolean additional = error.getKeywordLocation().endsWith("/additionalProperties");
      if (additional && !isKnown(kind, fieldOf(error))) {
        String field = fieldOf(error);
        return Fault.invalid(field, "There is no field '" + field + "' here.").asException();
      }
      last = additional ? last : error;
    }
    return last == null
        ? Fault.invalid("params", "params do not match the schema.").asException()
        : Fault.invalid(fieldOf(last), fieldOf(last) + ": " + last.getError() + ".").asException();
  }

  /// A path through records and lists, such as `tasks.3.retry.delayMs`.
  private static boolean isKnown(CommandKind kind, String field) {
    Type type = kind.params();
    for (String step : field.split("\\.", -1)) {
      if (type instanceof ParameterizedType list) {
        type = list.getActualTypeArguments()[0];
      } else {
        type = componentOf(type, step);
      }
      if (type == null) {
        return false;
      }
    }
    return true;
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

  private static String fieldOf(OutputUnit error) {
    Matcher named = NAMED.matcher(error.getError());
    String location = error.getInstanceLocation().replaceFirst("^#/?", "").replace('/', '.');
    if (error.getKeywordLocation().endsWith("/required") && named.find()) {
      return location.isEmpty() ? named.group(1) : location + "." + named.group(1);
    }
    return location.isEmpty() ? "params" : location;
  }

  /// Half a surrogate pair is no character: it could neither be stored nor sent on.
  private static void requireUnicode(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw Fault.invalid("params", "params must be valid Unicode text.").asException();
    }
  }

  private static JsonObject schema(CommandKind kind) {
    String path = "/contract/command/" + kind.method() + ".json";
    try (InputStream in = CommandKind.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("There is no schema " + path);
      }
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
