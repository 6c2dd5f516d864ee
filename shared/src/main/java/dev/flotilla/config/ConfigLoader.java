package dev.flotilla.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Builds the configuration tree from a YAML file and `FLOTILLA_*` variables, which win. A key such
/// as `gateway.maxQueuedBytes` is the variable `FLOTILLA_GATEWAY_MAX_QUEUED_BYTES`; some have a
/// second one by another name. A secret can be in a file that `..._FILE` names. Unknown keys,
/// unknown variables and broken rules are collected and reported together.
public final class ConfigLoader {
  static final String PREFIX = "FLOTILLA_";

  /// What the name of a variable ends with that names a file.
  public static final String IN_FILE = "_FILE";

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Pattern DURATION = Pattern.compile("(\\d+)(ms|s|m|h|d)");

  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();
  private final Set<String> known = new HashSet<>();

  private ConfigLoader(Map<String, String> environment) {
    this.environment = environment;
  }

  /// @param file null where there is none
  /// @param environment usually `System.getenv()`; only names with the prefix and aliases are read
  public static FleetConfig load(@Nullable Path file, Map<String, String> environment)
      throws ConfigException {
    return new ConfigLoader(environment).load(read(file));
  }

  /// The variable that overrides a key.
  public static String variable(String key) {
    return PREFIX
        + key.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_').toUpperCase(Locale.ROOT);
  }

  /// Whether a variable is one of the fleet's settings. They may be secrets: no other program gets
  /// them.
  public static boolean isSetting(String variable) {
    return variable.startsWith(PREFIX) || aliases(FleetConfig.class).anyMatch(variable::equals);
  }

  private static Stream<String> aliases(Class<?> type) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(
            component ->
                component.getType().isRecord()
                    ? aliases(component.getType())
                    : Stream.of(component.getAnnotation(Key.class).alias()));
  }

  private static JsonNode read(@Nullable Path file) throws ConfigException {
    if (file == null) {
      return MissingNode.getInstance();
    }
    try {
      JsonNode root = YAML.readTree(Files.readString(file));
      return root == null || root.isNull() ? MissingNode.getInstance() : root;
    } catch (JsonProcessingException bad) {
      throw new ConfigException(List.of(file + " is not valid YAML: " + bad.getOriginalMessage()));
    } catch (IOException unreadable) {
      throw new ConfigException(List.of("Cannot read " + file + ": " + unreadable.getMessage()));
    }
  }

  private FleetConfig load(JsonNode root) throws ConfigException {
    Object tree = record(FleetConfig.class, "", root, MissingNode.getInstance());
    environment.keySet().stream()
        .filter(name -> name.startsWith(PREFIX) && !known.contains(name))
        .forEach(name -> problems.add("variable " + name + " is not a setting"));
    if (tree instanceof FleetConfig config && problems.isEmpty()) {
      return config;
    }
    throw new ConfigException(List.copyOf(new TreeSet<>(problems)));
  }

  private @Nullable Object record(Class<?> type, String path, JsonNode node, JsonNode defaults) {
    if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
      problems.add(path + " must be a group of settings");
      return null;
    }
    RecordComponent[] components = type.getRecordComponents();
    reportUnknown(path, node, components);
    int before = problems.size();
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = components[i].getName();
      values[i] = component(components[i], path, node.path(name), defaults.path(name));
    }
    return problems.size() > before ? null : create(type, components, values);
  }

  private void reportUnknown(String path, JsonNode node, RecordComponent[] components) {
    Set<String> names = new HashSet<>();
    Arrays.stream(components).forEach(component -> names.add(component.getName()));
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                problems.add(join(path, name) + " is not a setting");
              }
            });
  }

  private @Nullable Object component(
      RecordComponent component, String path, JsonNode node, JsonNode inherited) {
    String key = join(path, component.getName());
    if (component.getType().isRecord()) {
      return record(component.getType(), key, node, defaults(component));
    }
    known.add(variable(key));
    if (component.getType() == Secret.class) {
      known.add(variable(key) + IN_FILE);
    }
    try {
      return value(component, key, node.isMissingNode() || node.isNull() ? inherited : node);
    } catch (IllegalArgumentException | JsonProcessingException bad) {
      // The value itself may be a secret: only the rule is told.
      problems.add(key + " " + expectation(component.getType()));
      return null;
    }
  }

  /// What a group states for settings that its type has another default for.
  static JsonNode defaults(RecordComponent group) {
    Key key = group.getAnnotation(Key.class);
    if (key == null || key.value().isEmpty()) {
      return MissingNode.getInstance();
    }
    try {
      return YAML.readTree(key.value());
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException(bug);
    }
  }

  private @Nullable Object value(RecordComponent component, String key, JsonNode node)
      throws JsonProcessingException {
    Key doc = component.getAnnotation(Key.class);
    String override = component.getType() == Secret.class ? secret(doc, key) : override(doc, key);
    if (override != null) {
      return convert(component.getGenericType(), parse(component.getType(), override));
    }
    if (!node.isMissingNode() && !node.isNull()) {
      return convert(component.getGenericType(), node);
    }
    if (!doc.value().isEmpty()) {
      return convert(component.getGenericType(), parse(component.getType(), doc.value()));
    }
    if (!isNullable(component)) {
      if (component.getType() == Secret.class && key.endsWith("password")) {
        return new Secret("");
      }
      problems.add(key + " must be set");
    }
    return null;
  }

  /// Where containers and systemd put secrets: one file each, with a line break at its end or not.
  private @Nullable String secret(Key doc, String key) {
    String file = environment.get(variable(key) + IN_FILE);
    String own = override(doc, key);
    if (file == null) {
      return own;
    }
    if (own != null) {
      problems.add(variable(key) + " and " + variable(key) + IN_FILE + " are both set");
      return own;
    }
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException | InvalidPathException unreadable) {
      problems.add(variable(key) + IN_FILE + " names " + file + ", which cannot be read");
      return null;
    }
  }

  private @Nullable String override(Key doc, String key) {
    String own = environment.get(variable(key));
    String alias = doc.alias().isEmpty() ? null : environment.get(doc.alias());
    return own != null || alias == null || alias.isBlank() ? own : alias.strip();
  }

  /// A variable is text; only lists are written as YAML in it.
  private static JsonNode parse(Class<?> type, String text) throws JsonProcessingException {
    return type == List.class && text.startsWith("[")
        ? YAML.readTree(text)
        : YAML.getNodeFactory().textNode(text);
  }

  private static Object convert(Type type, JsonNode node) {
    if (type instanceof ParameterizedType list) {
      return convertList(list.getActualTypeArguments()[0], node);
    }
    Class<?> target = (Class<?>) type;
    String text = node.asText();
    if (node.isContainerNode()) {
      throw new IllegalArgumentException("not a single value");
    }
    if (target == String.class) {
      return text;
    }
    if (target == Secret.class) {
      return new Secret(text);
    }
    if (target == int.class) {
      return Integer.parseInt(text);
    }
    if (target == boolean.class) {
      return truth(text);
    }
    if (target == Duration.class) {
      return duration(text);
    }
    if (target.isEnum()) {
      // YAML takes the words on and off for truth values.
      String word = node.isBoolean() ? (node.asBoolean() ? "on" : "off") : text;
      return Arrays.stream(target.getEnumConstants())
          .filter(constant -> constant.toString().equalsIgnoreCase(word))
          .findFirst()
          .orElseThrow(IllegalArgumentException::new);
    }
    throw new IllegalStateException("No setting has the type " + type);
  }

  private static boolean truth(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("not a truth value");
    };
  }

  private static List<Object> convertList(Type element, JsonNode node) {
    List<Object> values = new ArrayList<>();
    if (node.isArray()) {
      node.forEach(item -> values.add(convert(element, item)));
    } else {
      for (String item : node.asText().split(",", -1)) {
        if (!item.isBlank()) {
          values.add(convert(element, YAML.getNodeFactory().textNode(item.strip())));
        }
      }
    }
    return values;
  }

  /// A duration as it is written in the configuration.
  public static Duration duration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a duration");
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static String expectation(Class<?> type) {
    if (type == int.class) {
      return "must be a whole number";
    }
    if (type == boolean.class) {
      return "must be true or false";
    }
    if (type == Duration.class) {
      return "must be a duration such as 500ms, 30s, 5m, 24h or 7d";
    }
    if (type.isEnum()) {
      return "must be one of " + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT);
    }
    return type == List.class ? "must be a list of its allowed values" : "must be a single value";
  }

  private @Nullable Object create(Class<?> type, RecordComponent[] components, Object[] values) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (InvocationTargetException refused) {
      problems.add(String.valueOf(refused.getTargetException().getMessage()));
      return null;
    } catch (ReflectiveOperationException bug) {
      throw new IllegalStateException(bug);
    }
  }

  static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
