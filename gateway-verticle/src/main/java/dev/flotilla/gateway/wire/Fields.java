package dev.flotilla.gateway.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Fault;
import dev.flotilla.fault.FaultException;
import dev.flotilla.fault.Reason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one object as its JSON Schema says, and names the field that is wrong. The
/// schemas are the authority: a property test holds the two equal.
public final class Fields {
  private final ObjectNode object;
  private final String path;
  private final Reason reason;

  private Fields(ObjectNode object, String path, Reason reason) {
    this.object = object;
    this.path = path;
    this.reason = reason;
  }

  /// @param reason of the fault where a field is wrong
  public static Fields closed(ObjectNode object, Reason reason, Set<String> names) {
    return new Fields(object, "", reason).closed(names);
  }

  private Fields closed(Set<String> names) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!names.contains(name)) {
                throw wrong(name, "is not a field of this");
              }
            });
    return this;
  }

  public boolean has(String name) {
    return object.has(name);
  }

  /// 1 to 128 printable ASCII characters without spaces.
  public String word(String name) {
    String text = text(name);
    if (!isPrintable(text, 128, c -> c > ' ')) {
      throw wrong(name, "must be 1 to 128 printable characters without spaces");
    }
    return text;
  }

  public @Nullable String optionalWord(String name) {
    return has(name) ? word(name) : null;
  }

  /// @param rule what the pattern says, in words
  public String matching(String name, Pattern pattern, String rule) {
    String text = text(name);
    if (!pattern.matcher(text).matches()) {
      throw wrong(name, rule);
    }
    return text;
  }

  /// 1 to 64 printable ASCII characters.
  public String label(String name) {
    String text = text(name);
    if (!isPrintable(text, 64, c -> c >= ' ')) {
      throw wrong(name, "must be 1 to 64 printable characters");
    }
    return text;
  }

  public String text(String name, int max) {
    String text = text(name);
    if (text.isEmpty() || text.codePointCount(0, text.length()) > max) {
      throw wrong(name, "must have 1 to " + max + " characters");
    }
    return text;
  }

  public long integer(String name, long min, long max) {
    JsonNode value = object.get(name);
    if (value != null && value.isNumber()) {
      BigDecimal number = value.decimalValue();
      // The range first: a number such as 1e999999999 must not be written out.
      if (number.compareTo(BigDecimal.valueOf(min)) >= 0
          && number.compareTo(BigDecimal.valueOf(max)) <= 0
          && number.stripTrailingZeros().scale() <= 0) {
        return number.longValueExact();
      }
    }
    throw wrong(name, "must be a whole number from " + min + " to " + max);
  }

  public ObjectNode objectOrEmpty(String name) {
    JsonNode value = object.get(name);
    if (value == null) {
      return object.objectNode();
    }
    if (value instanceof ObjectNode found) {
      return found;
    }
    throw wrong(name, "must be an object");
  }

  public Fields inner(String name, Set<String> names) {
    return new Fields(objectOrEmpty(name), path + name + ".", reason).closed(names);
  }

  /// One that must be there.
  public Fields object(String name, Set<String> names) {
    if (!has(name)) {
      throw wrong(name, "must be an object");
    }
    return inner(name, names);
  }

  public List<String> texts(String name, int maxItems, int maxLength) {
    JsonNode value = object.get(name);
    if (value == null || !value.isArray() || value.isEmpty() || value.size() > maxItems) {
      throw wrong(name, "must be a list of 1 to " + maxItems + " texts");
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode item : value) {
      String text = item.textValue();
      if (text == null || text.isEmpty() || text.codePointCount(0, text.length()) > maxLength) {
        throw wrong(name, "must hold texts of 1 to " + maxLength + " characters");
      }
      texts.add(text);
    }
    return texts;
  }

  private String text(String name) {
    JsonNode value = object.get(name);
    String text = value == null ? null : value.textValue();
    if (text == null) {
      throw wrong(name, "must be a text");
    }
    return text;
  }

  private static boolean isPrintable(String text, int max, IntPredicate allowed) {
    return !text.isEmpty()
        && text.length() <= max
        && text.chars().allMatch(c -> c <= '~' && allowed.test(c));
  }

  private FaultException wrong(String name, String rule) {
    String shown = name.length() <= 64 ? name : name.substring(0, 64) + "...";
    return new Fault(reason, "'" + path + shown + "' " + rule + ".", path + shown, null)
        .asException();
  }
}
