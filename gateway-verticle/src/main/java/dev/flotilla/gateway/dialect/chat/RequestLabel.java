package dev.flotilla.gateway.dialect.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a task remembers the `req_id` of the message that it came from: in a label, because a task's
/// events carry those to every node and every later session.
final class RequestLabel {
  private static final String PREFIX = "req:";

  private RequestLabel() {}

  static String of(String reqId) {
    return PREFIX + reqId;
  }

  static @Nullable String in(List<String> labels) {
    for (String label : labels) {
      if (label.startsWith(PREFIX)) {
        String reqId = label.substring(PREFIX.length());
        // Whoever makes tasks by other ways may label them as they like.
        return MessageDecoder.REQ_ID.matcher(reqId).matches() ? reqId : null;
      }
    }
    return null;
  }
}
