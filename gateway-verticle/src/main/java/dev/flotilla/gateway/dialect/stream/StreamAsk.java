package dev.flotilla.gateway.dialect.stream;

import dev.flotilla.fault.Fault;
import dev.flotilla.gateway.feed.Position;
import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request for the event stream asks for.
///
/// @param topics as the client named them
/// @param since where the stream is to start, null for now
public record StreamAsk(List<String> topics, @Nullable Position since) {
  private static final String TOPICS = "topics";
  private static final String SINCE = "since";
  public static final String LAST_EVENT = "Last-Event-ID";
  private static final Pattern POSITION = Pattern.compile("([!-9;-~]{1,128}):(\\d{1,15})");

  /// VALIDATION_ERROR where it cannot be understood. What the browser says it has seen last wins
  /// over the address, which it repeats as it was when the page opened the stream.
  ///
  /// @param lastEvent the header `Last-Event-ID`
  public static StreamAsk of(MultiMap query, @Nullable String lastEvent) {
    List<String> topics =
        query.getAll(TOPICS).stream()
            .flatMap(list -> Arrays.stream(list.split(",", -1)))
            .map(String::strip)
            .filter(topic -> !topic.isEmpty())
            .toList();
    if (topics.isEmpty()) {
      throw Fault.invalid(TOPICS, "'topics' must name at least one topic.").asException();
    }
    return new StreamAsk(
        topics,
        lastEvent == null || lastEvent.isEmpty()
            ? position(SINCE, query.get(SINCE))
            : position(LAST_EVENT, lastEvent));
  }

  /// A position as the id of an event.
  static String id(Position position) {
    return position.epoch() + ":" + position.seq();
  }

  private static @Nullable Position position(String name, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher parts = POSITION.matcher(text);
    if (!parts.matches()) {
      throw Fault.invalid(name, "'" + name + "' must be epoch:seq, as in the id of an event.")
          .asException();
    }
    return new Position(parts.group(1), Long.parseLong(parts.group(2)));
  }
}
