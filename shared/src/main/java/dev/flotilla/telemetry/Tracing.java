package dev.flotilla.telemetry;

import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Spans: what was done for a request, where, and how long it took. What belongs together is known
/// by a W3C `traceparent`, which travels as data beside the correlation id: over the bus, with the
/// task in the database, and with the order of a run.
public interface Tracing {
  /// Costs nothing, and leaves what clients send as it is.
  Tracing OFF = (_, parent) -> new Untraced(parent);

  Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  /// Begins now.
  ///
  /// @param name from a small set: no ids in it
  /// @param parent the `traceparent` of what this is done for; null begins a trace
  Span begin(String name, @Nullable String parent);

  /// Something that is over already.
  default void tell(String name, @Nullable String parent, Instant from, Instant until) {
    // Nobody listens.
  }

  /// Sends what has not been sent yet.
  default void close() {
    // Nothing waits.
  }

  /// One that is under way.
  interface Span {
    /// What the next one has for its parent.
    @Nullable String traceparent();

    Span tag(String key, @Nullable Object value);

    /// @param error what went wrong, null where nothing did
    void end(@Nullable String error);
  }

  /// Null where the text is no `traceparent`.
  static @Nullable String valid(@Nullable String text) {
    return text != null && TRACEPARENT.matcher(text).matches() ? text : null;
  }

  /// @param traceparent passed on, for others may trace
  record Untraced(@Nullable String traceparent) implements Span {
    @Override
    public Span tag(String key, @Nullable Object value) {
      return this;
    }

    @Override
    public void end(@Nullable String error) {
      // Nobody listens.
    }
  }
}
