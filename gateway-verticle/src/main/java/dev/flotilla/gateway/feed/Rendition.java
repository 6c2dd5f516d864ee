package dev.flotilla.gateway.feed;

import dev.flotilla.gateway.wire.Encoded;
import dev.flotilla.gateway.wire.Encoding;
import dev.flotilla.log.Event;
import org.jspecify.annotations.Nullable;

/// How one dialect shows events.
public interface Rendition {
  Encoding encoding();

  /// Null where the dialect does not carry the event.
  ///
  /// @param epoch of the log that the event's seq belongs to
  @Nullable Encoded render(Event event, String epoch);
}
