package dev.flotilla.registry.link.openclaw;

import com.fasterxml.jackson.databind.JsonNode;

/// Turns streamed assistant events, each of which carries the whole text of its item so far, into
/// pieces that follow each other. What was missed while the link was down comes with the next
/// event.
final class OutputText {
  private String item = "";
  private int seen;

  /// The text that is new, possibly "".
  String advance(JsonNode data) {
    String id = data.path("itemId").asText("");
    if (!id.equals(item)) {
      item = id;
      seen = 0;
    }
    String text = data.path("text").asText("");
    int end = end(text);
    String fresh = end > seen ? text.substring(begin(text), end) : "";
    seen = end;
    return fresh;
  }

  /// An event may end within a character; what is left of it then waits for its other half.
  private static int end(String text) {
    int last = text.length() - 1;
    return last >= 0 && text.charAt(last) == CleanText.REPLACEMENT ? last : last + 1;
  }

  /// A text that was rewritten may have a character across what was its end.
  private int begin(String text) {
    return seen > 0 && Character.isLowSurrogate(text.charAt(seen)) ? seen - 1 : seen;
  }
}
