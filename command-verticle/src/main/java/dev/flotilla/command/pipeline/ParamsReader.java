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
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;

/// Params as they came, to a command: checked against the schema of the contract, then decoded.
public final class ParamsReader {
  private static final String BASE = "https://flotilla.dev/contract/command/";

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
      throw Misfit.in(kind, outcome).asException();
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
