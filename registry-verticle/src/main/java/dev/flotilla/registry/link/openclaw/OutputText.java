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
    String fresh = text.length() > seen ? text.substring(seen) : "";
    seen = text.length();
    return fresh;
  }
}
