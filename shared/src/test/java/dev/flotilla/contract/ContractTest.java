package dev.flotilla.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flotilla.identity.Ids;
import dev.flotilla.wire.Json;
import io.vertx.json.schema.OutputUnit;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Holds the records, the schemas, the examples and the two tables together.
class ContractTest {
  private static final Schemas SCHEMAS = new Schemas();

  /// A record and the schema of its JSON, relative to the contract's root.
  record Shape(Class<?> type, String path) {
    @Override
    public String toString() {
      return path;
    }
  }

  static Stream<Shape> shapes() {
    Stream<Shape> commands =
        Arrays.stream(CommandKind.values())
            .map(kind -> new Shape(kind.params(), "command/" + kind.method() + ".json"));
    Stream<Shape> results =
        Arrays.stream(CommandKind.values())
            .map(CommandKind::result)
            .distinct()
            .map(type -> new Shape(type, "result/" + fileName(type)));
    Stream<Shape> events =
        Arrays.stream(EventKind.values())
            .map(kind -> new Shape(kind.payload(), "event/" + kind.schema() + ".json"));
    return Stream.of(commands, results, events).flatMap(all -> all);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theSchemaHasTheFieldsOfItsRecord(Shape shape) {
    compare(shape.type(), Schemas.schema(shape.path()), shape.path());
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theExampleIsValidAndSurvivesTheRecordUnchanged(Shape shape) {
    String example = Schemas.schema("example/" + shape.path()).toString();
    OutputUnit outcome = SCHEMAS.validate(shape.path(), example);
    assertThat(outcome.getValid()).as("%s", outcome.toJson()).isTrue();
    assertThat(Json.read(Json.text(Json.read(example, shape.type())), JsonNode.class))
        .isEqualTo(Json.read(example, JsonNode.class));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void theExampleShowsEveryFieldOfACommand(Shape shape) {
    if (shape.path().startsWith("command/")) {
      assertThat(names(Schemas.schema("example/" + shape.path())))
          .isEqualTo(names(Schemas.schema(shape.path()).path("properties")));
    }
  }

  @Test
  void everySchemaAndExampleBelongsToARowOfATable() {
    for (String group : List.of("command", "result", "event")) {
      Set<String> expected = new TreeSet<>();
      shapes()
          .filter(shape -> shape.path().startsWith(group + "/"))
          .forEach(shape -> expected.add(shape.path().substring(group.length() + 1)));
      assertThat(Schemas.files(group).keySet()).isEqualTo(expected);
      assertThat(Schemas.files("example/" + group).keySet()).isEqualTo(expected);
    }
  }

  @Test
  void everyCommandAndFactIsARowOfItsTable() {
    assertThat(Arrays.stream(CommandKind.values()).<Class<?>>map(CommandKind::params))
        .containsExactlyInAnyOrderElementsOf(List.of(permitted(Command.class)));
    assertThat(Arrays.stream(EventKind.values()).<Class<?>>map(EventKind::payload))
        .containsExactlyInAnyOrderElementsOf(List.of(permitted(Fact.class)));
    assertThat(Arrays.stream(CommandKind.values()).<Class<?>>map(CommandKind::result).distinct())
        .containsExactlyInAnyOrderElementsOf(List.of(permitted(Result.class)));
  }

  @ParameterizedTest
  @EnumSource(CommandKind.class)
  void paramsAreClosedAndBounded(CommandKind kind) {
    JsonNode schema = Schemas.schema("command/" + kind.method() + ".json");
    assertThat(schema.path("additionalProperties").asBoolean(true)).isFalse();
    String path = "command/" + kind.method() + ".json";
    schema.path("properties").forEach(property -> requireLimits(property, path));
  }

  @Test
  void paramsWithAnUnknownFieldAreRefused() {
    assertThat(SCHEMAS.validate("command/task.get.json", "{\"id\":\"a\",\"x\":1}").getValid())
        .isFalse();
    assertThat(
            SCHEMAS.validate("result/instance-removed.json", "{\"id\":\"a\",\"x\":1}").getValid())
        .isTrue();
  }

  private static void requireLimits(JsonNode property, String path) {
    if (property.has("$ref")) {
      Resolved target = resolve(property.path("$ref").asText(), path + "#");
      assertThat(target.schema().path("additionalProperties").asBoolean(true)).isFalse();
      String file = target.path().replace("#", "");
      target.schema().path("properties").forEach(inner -> requireLimits(inner, file));
      return;
    }
    switch (property.path("type").asText()) {
      case "string" ->
          assertThat(
                  property.has("enum")
                      || property.has("maxLength")
                      || property.path("pattern").asText().equals("^" + Ids.PATTERN + "$"))
              .as("%s has no limit", property)
              .isTrue();
      case "integer", "number" ->
          assertThat(
                  (property.has("minimum") || property.has("exclusiveMinimum"))
                      && property.has("maximum"))
              .as("%s", property)
              .isTrue();
      case "array" -> {
        assertThat(property.has("maxItems")).as("%s", property).isTrue();
        requireLimits(property.path("items"), path);
      }
      case "object" -> assertThat(property.has("maxProperties")).as("%s", property).isTrue();
      default -> assertThat(property.path("type").asText()).isEqualTo("boolean");
    }
  }

  private static void compare(Class<?> record, JsonNode schema, String path) {
    Set<String> fields = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    for (RecordComponent component : record.getRecordComponents()) {
      fields.add(component.getName());
      if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        required.add(component.getName());
      }
      JsonNode property = schema.path("properties").path(component.getName());
      compareType(component.getGenericType(), property, path + "#" + component.getName());
    }
    assertThat(names(schema.path("properties"))).as(path).isEqualTo(fields);
    Set<String> stated = new TreeSet<>();
    schema.path("required").forEach(name -> stated.add(name.asText()));
    assertThat(stated).as("required of " + path).isEqualTo(required);
  }

  private static void compareType(Type type, JsonNode property, String path) {
    if (type instanceof ParameterizedType list) {
      assertThat(property.path("type").asText()).as(path).isEqualTo("array");
      compareType(list.getActualTypeArguments()[0], property.path("items"), path);
      return;
    }
    Class<?> raw = (Class<?>) type;
    if (property.has("$ref")) {
      Resolved target = resolve(property.path("$ref").asText(), path);
      compare(raw, target.schema(), target.path());
      return;
    }
    assertThat(property.path("type").asText()).as(path).isEqualTo(jsonType(raw));
    if (raw.isEnum()) {
      Set<String> stated = new TreeSet<>();
      property.path("enum").forEach(value -> stated.add(value.asText()));
      assertThat(stated).as(path).isEqualTo(wireNames(raw));
    }
  }

  private record Resolved(JsonNode schema, String path) {}

  private static Resolved resolve(String ref, String from) {
    String file = from.substring(0, from.indexOf('#'));
    if (ref.startsWith("#/$defs/")) {
      JsonNode definition = Schemas.schema(file).path("$defs").path(ref.substring(8));
      return new Resolved(definition, file + "#");
    }
    String target =
        ref.startsWith(Schemas.BASE)
            ? ref.substring(Schemas.BASE.length())
            : Path.of(file).resolveSibling(ref).toString();
    return new Resolved(Schemas.schema(target), target);
  }

  private static String jsonType(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "int", "Integer", "long", "Long", "Instant" -> "integer";
      case "boolean", "Boolean" -> "boolean";
      case "double", "Double" -> "number";
      case "RawJson" -> "object";
      default -> "string";
    };
  }

  private static Set<String> wireNames(Class<?> type) {
    Set<String> names = new TreeSet<>();
    for (Object constant : type.getEnumConstants()) {
      names.add(Json.tree(constant).asText());
    }
    return names;
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /// The records, also those behind a sealed interface of their own.
  private static Class<?>[] permitted(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .flatMap(type -> type.isSealed() ? Arrays.stream(permitted(type)) : Stream.of(type))
        .toArray(Class<?>[]::new);
  }

  /// `TaskView` is described by `task-view.json`.
  private static String fileName(Class<?> result) {
    return result.getSimpleName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT)
        + ".json";
  }
}
