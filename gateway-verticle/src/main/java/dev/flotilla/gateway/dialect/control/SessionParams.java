package dev.flotilla.gateway.dialect.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.flotilla.fault.Reason;
import dev.flotilla.gateway.feed.Position;
import dev.flotilla.gateway.wire.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Params of the session's own methods. Each accepts exactly what `contract/control/method/` does.
public sealed interface SessionParams {
  /// @param topics as the client named them
  /// @param since where the stream is to start again, null to go on where it is
  record Subscribe(List<String> topics, @Nullable Position since) implements SessionParams {}

  record Unsubscribe(List<String> topics) implements SessionParams {}

  record Resume(Position since) implements SessionParams {}

  /// @param topic a `custom:{name}` topic
  /// @param payload any JSON object
  record Publish(String topic, ObjectNode payload) implements SessionParams {}

  record Refresh(String token) implements SessionParams {}

  record Ping() implements SessionParams {}

  int MAX_TOPICS = 1000;
  int MAX_TOPIC_LENGTH = 256;
  long MAX_SEQ = (1L << 53) - 1;
  Set<String> POSITION = Set.of("epoch", "seq");

  static SessionParams decode(SessionMethod method, ObjectNode params) {
    return switch (method) {
      case SUBSCRIBE -> {
        Fields fields = closed(params, Set.of("topics", "since"));
        yield new Subscribe(
            topics(fields), fields.has("since") ? position(fields.inner("since", POSITION)) : null);
      }
      case UNSUBSCRIBE -> new Unsubscribe(topics(closed(params, Set.of("topics"))));
      case RESUME -> new Resume(position(closed(params, POSITION)));
      case PUBLISH -> {
        Fields fields = closed(params, Set.of("topic", "payload"));
        yield new Publish(fields.text("topic", MAX_TOPIC_LENGTH), fields.objectOrEmpty("payload"));
      }
      case REFRESH ->
          new Refresh(closed(params, Set.of("token")).text("token", FrameDecoder.MAX_TOKEN));
      case PING -> {
        closed(params, Set.of());
        yield new Ping();
      }
    };
  }

  /// The topics that a request names, right or not; null where it names none.
  static @Nullable String topics(ObjectNode params) {
    List<String> names = new ArrayList<>();
    if (params.path("topic").isTextual()) {
      names.add(params.path("topic").textValue());
    }
    params.path("topics").forEach(name -> names.add(name.asText()));
    return names.isEmpty() ? null : String.join(",", names);
  }

  private static Fields closed(ObjectNode params, Set<String> names) {
    return Fields.closed(params, Reason.INVALID_FIELD, names);
  }

  private static List<String> topics(Fields fields) {
    return fields.texts("topics", MAX_TOPICS, MAX_TOPIC_LENGTH);
  }

  private static Position position(Fields fields) {
    return new Position(fields.word("epoch"), fields.integer("seq", 0, MAX_SEQ));
  }
}
