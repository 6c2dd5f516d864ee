package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;

/// Makes text from an instance storable. JSON may hold U+0000 and halves of surrogate pairs;
/// PostgreSQL's jsonb refuses both, and a refused outcome would be a run that never ends.
final class CleanText {
  static final char REPLACEMENT = '\uFFFD';

  private CleanText() {}

  /// The text without U+0000, and with a replacement character for every lone surrogate.
  static String of(String text) {
    return isClean(text) ? text : clean(text);
  }

  private static boolean isClean(String text) {
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit == 0 || Character.isSurrogate(unit)) {
        return false;
      }
    }
    return true;
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .filter(point -> point != 0)
        .map(point -> isLoneSurrogate(point) ? REPLACEMENT : point)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /// In a stream of code points a whole pair is one point beyond this range.
  private static boolean isLoneSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /// The same tree with every text in it cleaned, in place where it can be.
  static JsonNode in(JsonNode node) {
    switch (node) {
      case ObjectNode object -> {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
          field.setValue(in(field.getValue()));
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          array.set(i, in(array.get(i)));
        }
      }
      case TextNode text -> {
        String clean = of(text.textValue());
        return clean.equals(text.textValue()) ? text : TextNode.valueOf(clean);
      }
      default -> {}
    }
    return node;
  }
}
